using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CryptoBeacon.Benchmarks;

/// <summary>
/// Sends requests that are ready as bytes, over connections that stay open, each as soon as the one before it is answered. It shares the machine with
/// the server, so it does as little as it can: two threads, as pgbench has them, wait for whichever of their connections has something, and an answer is looked at for
/// its status and its end.
/// </summary>
internal static class LoadGenerator
{
    private const int Threads = 2;

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
            .Range(0, Math.Min(Threads, connections))
            .Select(thread =>
                Task.Factory.StartNew(
                    () => Ask((connections + thread) / Math.Min(Threads, connections)),
                    TaskCreationOptions.LongRunning
                )
            );
        return [.. (await Task.WhenAll(asking)).SelectMany(times => times)];

        List<long> Ask(int count)
        {
            var open = new Dictionary<Socket, Connection>();
            var taken = new List<long>();
            try
            {
                for (var i = 0; i < count; i++)
                {
                    var connection = new Connection(server);
                    open.Add(connection.Socket, connection);
                    connection.Ask(request(Interlocked.Increment(ref next)));
                }

                var waiting = new List<Socket>();
                while (open.Count > 0)
                {
                    waiting.Clear();
                    waiting.AddRange(open.Keys);
                    Socket.Select(waiting, null, null, -1);
                    foreach (var socket in waiting)
                    {
                        var connection = open[socket];
                        if (!connection.Receive())
                        {
                            continue;
                        }

                        taken.Add(Stopwatch.GetTimestamp() - connection.Sent);
                        if (Stopwatch.GetElapsedTime(start) < length)
                        {
                            connection.Ask(request(Interlocked.Increment(ref next)));
                        }
                        else
                        {
                            open.Remove(socket);
                            connection.Dispose();
                        }
                    }
                }
            }
            finally
            {
                foreach (var connection in open.Values)
                {
                    connection.Dispose();
                }
            }

            return taken;
        }
    }

    private sealed class Connection : IDisposable
    {
        private const int LongestEnd = 8;

        private readonly byte[] _buffer = new byte[256 * 1024];
        private int _filled;

        /// <summary>Of the answer, once its head is known; null while it is not, or if it comes in chunks.</summary>
        private int? _left;

        private bool _hasHead;

        public Connection(Uri server) => Socket.Connect(IPAddress.Loopback, server.Port);

        public Socket Socket { get; } = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        /// <summary>When, in ticks of <see cref="Stopwatch"/>.</summary>
        public long Sent { get; private set; }

        public void Ask(byte[] request)
        {
            (_filled, _left, _hasHead) = (0, null, false);
            Sent = Stopwatch.GetTimestamp();
            Socket.Send(request);
        }

        /// <summary>Takes what there is. True: that was the end of the answer.</summary>
        public bool Receive()
        {
            var received = Socket.Receive(_buffer.AsSpan(_filled));
            if (received == 0)
            {
                throw new InvalidOperationException("The server hung up.");
            }

            _filled += received;
            if (!_hasHead)
            {
                var head = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8);
                if (head < 0)
                {
                    return false;
                }

                if (_buffer["HTTP/1.1 ".Length] != (byte)'2')
                {
                    throw new InvalidOperationException(Encoding.UTF8.GetString(_buffer.AsSpan(0, _filled)));
                }

                _hasHead = true;
                _left = LengthOf(_buffer.AsSpan(0, head)) + head + 4;
                if (_left is null && _buffer.AsSpan(0, head).IndexOf("Transfer-Encoding: chunked"u8) < 0)
                {
                    throw new InvalidOperationException("An answer whose end can't be told.");
                }
            }

            if (_left is { } length)
            {
                // What has been counted is not kept.
                _left = length - _filled;
                _filled = 0;
                return _left <= 0;
            }

            if (_buffer.AsSpan(0, _filled).EndsWith("\r\n0\r\n\r\n"u8))
            {
                return true;
            }

            // A large answer is not kept either: its end is all that counts.
            var kept = Math.Min(_filled, LongestEnd);
            _buffer.AsSpan(_filled - kept, kept).CopyTo(_buffer);
            _filled = kept;
            return false;
        }

        public void Dispose() => Socket.Dispose();

        /// <summary>Null: in chunks.</summary>
        private static int? LengthOf(ReadOnlySpan<byte> head)
        {
            var name = "Content-Length: "u8;
            var at = head.IndexOf(name);
            return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _) ? length : null;
        }
    }
}
