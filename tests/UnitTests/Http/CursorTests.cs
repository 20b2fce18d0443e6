using CryptoBeacon.Application.Http;

namespace CryptoBeacon.UnitTests.Http;

internal sealed class CursorTests
{
    private sealed record ByTime(DateTimeOffset At, Guid Id);

    private sealed record ByName(string Name, Guid Id);

    [Test]
    public void A_cursor_leads_back_to_its_position()
    {
        var position = new ByTime(
            DateTimeOffset.Parse("2026-01-31T12:00:00.123456Z", null),
            Guid.Parse("0190b8a0-0000-7000-8000-000000000000")
        );
        Assert.That(Cursor.TryDecode<ByTime>(Cursor.Encode(position), out var back), Is.True);
        Assert.That(back, Is.EqualTo(position));
    }

    [Test]
    public void A_cursor_of_another_list_is_refused() =>
        Assert.That(Cursor.TryDecode<ByTime>(Cursor.Encode(new ByName("a", Guid.Empty)), out _), Is.False);

    [TestCase("")]
    [TestCase("!")]
    [TestCase("bm9uc2Vuc2U")]
    [TestCase("bnVsbA")]
    [TestCase("e30")]
    [TestCase("W10")]
    [TestCase("////")]
    public void Nonsense_is_refused(string cursor) => Assert.That(Cursor.TryDecode<ByTime>(cursor, out _), Is.False);

    [Test]
    public void A_huge_cursor_is_refused() =>
        Assert.That(Cursor.TryDecode<ByTime>(new string('a', 100_000), out _), Is.False);

    [TestCase(0, 2, ExpectedResult = "0, last")]
    [TestCase(2, 2, ExpectedResult = "2, last")]
    [TestCase(3, 2, ExpectedResult = "2, more")]
    public string The_one_row_too_many_only_tells_that_there_is_more(int rows, int limit)
    {
        var read = Enumerable.Range(0, rows).Select(i => new ByName($"{i}", Guid.Empty)).ToList();
        var page = Page<ByName>.From(read, limit, row => row);
        return $"{page.Items.Count}, {(page.NextCursor is null ? "last" : "more")}";
    }
}
