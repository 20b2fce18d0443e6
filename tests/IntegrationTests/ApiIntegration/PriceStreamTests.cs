using System.Net;
using System.Net.Sockets;
using CryptoBeacon.IntegrationTests.Harness;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace CryptoBeacon.IntegrationTests.ApiIntegration;

internal sealed class PriceStreamTests : MarketTest
{
    [Test]
    public async Task A_listener_hears_the_changes_of_its_coins_as_prices_are_read()
    {
        await QuoteAsync("bitcoin", "USD", 50, ago: TimeSpan.FromHours(25));
        await using var stream = await EventReader.OpenAsync(Admin, "/market/prices/stream?coinIds=bitcoin,ethereum");

        (await QuoteAsync(("solana", "USD", 1, null), ("bitcoin", "USD", 100, null))).ShouldBe(202);
        var heard = await stream.NextAsync();
        await QuoteAsync("bitcoin", "USD", 7, ago: TimeSpan.FromHours(1));
        await QuoteAsync("ethereum", "EUR", 3);

        Assert.That(heard.Name, Is.EqualTo("price"));
        Assert.That(heard.Data["change24hPercent"]!.ToString(), Is.EqualTo("100"));
        Assert.That(heard.Data.ToJsonString(), Is.EqualTo((await PriceAsync("bitcoin")).ToJsonString()));
        Assert.That(
            $"{(await stream.NextAsync()).Data["coinId"]}",
            Is.EqualTo("ethereum"),
            "a late price changes none"
        );
        Assert.That(await stream.IsSilentAsync(), Is.True);
    }

    [Test]
    public async Task A_currency_narrows_it_down()
    {
        await using var stream = await EventReader.OpenAsync(
            Admin,
            "/market/prices/stream?coinIds=bitcoin&currency=EUR"
        );

        (await QuoteAsync(("bitcoin", "USD", 1, null), ("bitcoin", "EUR", 2, null))).ShouldBe(202);

        Assert.That((await stream.NextAsync()).Data["price"]!.ToString(), Is.EqualTo("2"));
    }

    [Test]
    public async Task Who_comes_back_hears_the_newest_price_of_each_pair_first()
    {
        string last;
        await using (var first = await EventReader.OpenAsync(Admin, "/market/prices/stream?coinIds=bitcoin,ethereum"))
        {
            (await QuoteAsync(("bitcoin", "USD", 1, null), ("ethereum", "USD", 1, null))).ShouldBe(202);
            Assert.That((await first.NextAsync()).Id, Is.Null, "there is more of the same batch");
            last = (await first.NextAsync()).Id!;
        }

        await QuoteAsync("bitcoin", "USD", 2);
        await QuoteAsync("bitcoin", "USD", 3);
        await using var second = await EventReader.OpenAsync(
            Admin,
            "/market/prices/stream?coinIds=bitcoin",
            ("Last-Event-ID", last)
        );
        Assert.That((await second.NextAsync()).Data["price"]!.ToString(), Is.EqualTo("3"));
        await QuoteAsync("bitcoin", "USD", 4);

        Assert.That((await second.NextAsync()).Data["price"]!.ToString(), Is.EqualTo("4"));
    }

    [Test]
    public async Task A_lost_connection_to_the_database_costs_no_newest_price()
    {
        await using var stream = await EventReader.OpenAsync(Admin, "/market/prices/stream?coinIds=bitcoin");

        Assert.That(
            await StoredAsync<long>(
                "select count(*) from (select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'crypto-beacon listener') ended"
            ),
            Is.Positive
        );
        await QuoteAsync("bitcoin", "USD", 1);
        await QuoteAsync("bitcoin", "USD", 2);

        for (var price = ""; price != "2"; )
        {
            price = (await stream.NextAsync()).Data["price"]!.ToString();
        }
    }

    [Test]
    public async Task Three_hundred_listeners_hear_every_coin_s_newest_price()
    {
        var streams = await Task.WhenAll(
            Enumerable
                .Range(0, 300)
                .Select(n => EventReader.OpenAsync(Admin, $"/market/prices/stream?coinIds=coin-{n % 3}"))
        );

        (await QuoteAsync(("coin-0", "USD", 5, null), ("coin-1", "USD", 6, null), ("coin-2", "USD", 7, null))).ShouldBe(
            202
        );
        var heard = await Task.WhenAll(streams.Select(stream => stream.NextAsync()));

        Assert.That(
            heard.Select(price => $"{price.Data["coinId"]} {price.Data["price"]}"),
            Is.EqualTo(Enumerable.Range(0, 300).Select(n => $"coin-{n % 3} {5 + (n % 3)}"))
        );
        foreach (var stream in streams)
        {
            await stream.DisposeAsync();
        }
    }

    [Test]
    public async Task Who_reads_slowly_gets_newer_prices_not_more_of_them_and_holds_nobody_up()
    {
        const int Coins = 200;
        const int Batches = 40;
        var coins = Enumerable.Range(0, Coins).Select(n => $"coin-{n}").ToList();
        // What systems keep of a connection for a slow reader would be more than there is to hear.
        await using var server = await TestRun.Server.StartAnotherAsync(builder =>
            builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = ListenNarrowly)
        );
        using var narrow = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectNarrowlyAsync })
        {
            BaseAddress = new Uri(server.Urls.First()),
        };
        await using var slow = await EventReader.OpenAsync(
            new ApiClient(narrow, Admin.AccessToken),
            $"/market/prices/stream?coinIds={string.Join(',', coins)}"
        );
        await using var quick = await EventReader.OpenAsync(Admin, "/market/prices/stream?coinIds=coin-7");

        for (var price = 1; price <= Batches; price++)
        {
            (
                await QuoteAsync([.. coins.Select(coin => (coin, "USD", (decimal)price, (DateTimeOffset?)null))])
            ).ShouldBe(202);
            Assert.That((await quick.NextAsync()).Data["price"]!.ToString(), Is.EqualTo($"{price}"));
        }

        var (heard, last) = (0, new Dictionary<string, string>());
        for (; last.Count < Coins || last.Values.Any(price => price != $"{Batches}"); heard++)
        {
            var change = (await slow.NextAsync()).Data;
            last[change["coinId"]!.ToString()] = change["price"]!.ToString();
        }

        Assert.That(heard, Is.LessThan(Coins * Batches / 2));
    }

    [Test]
    public async Task A_ticket_opens_one_stream_which_ends_when_its_access_token_does()
    {
        var ticket = (await (await SignUpAsync()).PostAsync("/alerts/stream-ticket")).ShouldBe(200)["ticket"];
        await StoredAsync<object>("update alerts.stream_tickets set stream_ends_at = now() + interval '1 second'");
        var path = $"/market/prices/stream?coinIds=bitcoin&ticket={ticket}";

        await using var stream = await EventReader.OpenAsync(Anonymous, path);
        (await Anonymous.GetAsync(path)).ShouldRefuse(401, "invalid_ticket");

        Assert.That(await stream.EndAsync(), Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [TestCase("", "coinIds")]
    [TestCase("coinIds=", "coinIds")]
    [TestCase("coinIds=Bit%20Coin", "coinIds")]
    [TestCase("coinIds=bitcoin&currency=usd", "currency")]
    public async Task A_bad_question_is_refused_by_name(string query, string field)
    {
        (await Admin.GetAsync($"/market/prices/stream?{query}")).ShouldNameField(field);
        (await Anonymous.GetAsync($"/market/prices/stream?{query}")).ShouldBe(401);
    }

    private static Socket ListenNarrowly(EndPoint address)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
        socket.SendBufferSize = 2048;
        return socket;
    }

    private static async ValueTask<Stream> ConnectNarrowlyAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2048 };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    [Test]
    public async Task An_id_that_is_none_of_the_stream_s_is_refused() =>
        (await Admin.GetAsync("/market/prices/stream?coinIds=bitcoin", ("Last-Event-ID", "nonsense"))).ShouldNameField(
            "Last-Event-ID"
        );
}
