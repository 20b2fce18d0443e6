using CryptoBeacon.IntegrationTests.Harness;

namespace CryptoBeacon.IntegrationTests.Portfolios;

internal sealed class CreatePortfolioTests : PortfolioTest
{
    [Test]
    public async Task A_new_portfolio_is_answered_as_it_is_then_read()
    {
        var user = await SignUpAsync();

        var created = await OpenAsync(
            user,
            body: new
            {
                name = " Long term ",
                description = "kept\nfor years",
                currency = "EUR",
                costBasisMethod = "hifo",
            }
        );

        var read = await user.GetAsync(created.Location!);
        Assert.That(read.Text, Is.EqualTo(created.Text));
        Assert.That(read.ETag, Is.EqualTo(created.ETag).And.Not.Null);
        Assert.That(read["name"], Is.EqualTo("Long term"));
        Assert.That(read["costBasisMethod"], Is.EqualTo("hifo"));
    }

    [Test]
    public async Task Only_a_name_is_needed()
    {
        var created = await OpenAsync(await SignUpAsync());

        Assert.That(created["currency"], Is.EqualTo("USD"));
        Assert.That(created["costBasisMethod"], Is.EqualTo("fifo"));
        Assert.That(created["description"], Is.Null);
    }

    [TestCase("""{}""", "name")]
    [TestCase("""{"name":null}""", "name")]
    [TestCase("""{"name":"   "}""", "name")]
    [TestCase("""{"name":17}""", "name")]
    [TestCase("""{"name":"a\u0007b"}""", "name")]
    [TestCase("""{"name":"a","currency":"usd"}""", "currency")]
    [TestCase("""{"name":"a","currency":""}""", "currency")]
    [TestCase("""{"name":"a","isDefault":"yes"}""", "isDefault")]
    [TestCase("""{"name":"a","costBasisMethod":"random"}""", "costBasisMethod")]
    [TestCase("""{"name":"a","costBasisMethod":1}""", "costBasisMethod")]
    [TestCase("""{"name":"a","description":{}}""", "description")]
    [TestCase("""{"name":"a","id":"0199"}""", "id")]
    [TestCase("""{"name":"a","colour":"red"}""", "colour")]
    public async Task What_is_wrong_is_named_and_nothing_is_stored(string body, string field)
    {
        var user = await SignUpAsync();

        (await user.PostAsync("/portfolios", body)).ShouldNameField(field);

        Assert.That((await user.GetAsync("/portfolios")).Items, Is.Empty);
    }

    [TestCase("name", 101)]
    [TestCase("description", 4001)]
    public async Task Texts_have_their_limits(string field, int length)
    {
        var user = await SignUpAsync();
        var body = new Dictionary<string, string> { ["name"] = "a", [field] = new('x', length) };

        (await user.PostAsync("/portfolios", body)).ShouldNameField(field);

        body[field] = new string('x', length - 1);
        (await user.PostAsync("/portfolios", body)).ShouldBe(201);
    }

    [Test]
    public async Task The_same_key_twice_opens_one_portfolio()
    {
        var user = await SignUpAsync();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => user.PostAsync("/portfolios", new { name = "Once" }, ("Idempotency-Key", "k1")))
        );

        Assert.That(
            answers.Select(answer => (answer.ShouldBe(201).Text, answer.ETag)).Distinct().Count(),
            Is.EqualTo(1)
        );
        Assert.That((await user.GetAsync("/portfolios")).Items, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Whoever_is_not_signed_in_opens_none() =>
        (await Anonymous.PostAsync("/portfolios", new { name = "Nobody's" })).ShouldBe(401);
}
