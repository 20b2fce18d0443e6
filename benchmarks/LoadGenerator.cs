using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// Sends requests that are ready as bytes, over connections that stay open, each as soon as the one before it is answered. It shares the machine with
/// the server, so it does as little as it can: a connection has a thread that waits in the system, and an answer is looked at for its status and its end.
/// </summary>
internal static class LoadGenerator
{
    /// <param name="request">The n-th.</param>
    /// <param name="length">At least one request is sent on each connection.</param>
    /// <returns>How long each took, in ticks of <see cref="Stopwatch"/>.</returns>
    /// <exception cref="InvalidOperationException">A request was not answered with 2xx.</exception>
    public static async Task<List<long>> RunAsync(
        Uri server,
        Func<int, byte[]> request,
        int connections,
        TimeSpan length
    )
    {
        var (start, next) = (Stopwatch.GetTimestamp(), -1);
        var asking = Enumerable
            .Range(0, connections)
            .Select(_ => Task.Factory.StartNew(Ask, TaskCreationOptions.LongRunning));
        return [.. (await Task.WhenAll(asking)).SelectMany(times => times)];

        List<long> Ask()
        {
            using var connection = new Connection(server);
            var taken = new List<long>();
            do
            {
                var sent = Stopwatch.GetTimestamp();
                connection.Ask(request(Interlocked.Increment(ref next)));
                taken.Add(Stopwatch.GetTimestamp() - sent);
            } while (Stopwatch.GetElapsedTime(start) < length);

            return taken;
        }
    }

    private sealed class Connection : IDisposable
    {
        private const int LongestEnd = 8;

        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] _buffer = new byte[256 * 1024];

        public Connection(Uri server) => _socket.Connect(IPAddress.Loopback, server.Port);

        public void Ask(byte[] request)
        {
            _socket.Send(request);
            var filled = 0;
            int head;
            while ((head = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            {
                filled += Receive(filled);
            }

            if (_buffer["HTTP/1.1 ".Length] != (byte)'2')
            {
                var answer = System.Text.Encoding.UTF8.GetString(_buffer.AsSpan(0, filled));
                throw new InvalidOperationException(answer);
            }

            if (LengthOf(_buffer.AsSpan(0, head)) is { } length)
            {
                for (var left = head + 4 + length - filled; left > 0; )
                {
                    left -= Receive(0);
                }

                return;
            }

            while (!_buffer.AsSpan(0, filled).EndsWith("\r\n0\r\n\r\n"u8))
            {
                // A large answer is not kept: its end is all that counts.
                var kept = Math.Min(filled, LongestEnd);
                _buffer.AsSpan(filled - kept, kept).CopyTo(_buffer);
                filled = kept + Receive(kept);
            }
        }

        public void Dispose() => _socket.Dispose();

        private int Receive(int offset)
        {
            var received = _socket.Receive(_buffer.AsSpan(offset));
            return received > 0 ? received : throw new InvalidOperationException("The server hung up.");
        }

        /// <summary>Null: in chunks.</summary>
        private static int? LengthOf(ReadOnlySpan<byte> head)
        {
            var name = "Content-Length: "u8;
            var at = head.IndexOf(name);
            return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _) ? length : null;
        }
    }
}
