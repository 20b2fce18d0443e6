using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Domain.Values;

namespace CryptoBeacon.UnitTests.Json;

internal sealed class ExactDecimalConverterTests
{
    [Test]
    public async Task A_number_may_lie_across_two_pieces_of_a_body()
    {
        var numbers = Enumerable.Range(0, 20_000).Select(n => n + 0.123456789m).ToArray();
        using var body = new MemoryStream(
            Encoding.UTF8.GetBytes($"[{string.Join(',', numbers.Select(Exact.Format))}]")
        );

        var pieces = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 256));
        var read = await JsonSerializer.DeserializeAsync<decimal[]>(pieces, BeaconJson.Options);

        Assert.That(read, Is.EqualTo(numbers));
    }
}
