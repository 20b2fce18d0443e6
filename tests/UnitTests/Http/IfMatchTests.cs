using CryptoBeacon.Application.Http;
using Microsoft.AspNetCore.Http;

namespace CryptoBeacon.UnitTests.Http;

/// <summary>RFC 9110, section 13.1.1.</summary>
internal sealed class IfMatchTests
{
    [TestCase("\"7\"", ExpectedResult = true)]
    [TestCase("*", ExpectedResult = true)]
    [TestCase("\"6\", \"7\"", ExpectedResult = true)]
    [TestCase("\"6\"", "\"7\"", ExpectedResult = true)]
    [TestCase(ExpectedResult = true)]
    [TestCase("\"8\"", ExpectedResult = false)]
    [TestCase("7", ExpectedResult = false)]
    [TestCase("W/\"7\"", ExpectedResult = false, Description = "If-Match compares strongly")]
    [TestCase("\"\"", ExpectedResult = false)]
    [TestCase("nonsense", ExpectedResult = false)]
    [TestCase("", ExpectedResult = false)]
    public async Task<bool> Version_seven_is_matched_by(params string[] headers) =>
        (await BindAsync(headers)).Matches(7);

    [Test]
    public async Task Only_a_named_version_makes_a_lost_race_a_412()
    {
        Assert.That((await BindAsync("\"7\"")).IsGiven, Is.True);
        Assert.That((await BindAsync("*")).IsGiven, Is.False);
        Assert.That((await BindAsync()).IsGiven, Is.False);
    }

    [Test]
    public async Task Only_without_a_condition_may_something_new_be_made()
    {
        Assert.That((await BindAsync()).MatchesNothing, Is.True);
        Assert.That((await BindAsync("*")).MatchesNothing, Is.False);
        Assert.That((await BindAsync("\"7\"")).MatchesNothing, Is.False);
    }

    private static ValueTask<IfMatch> BindAsync(params string[] headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.IfMatch = headers;
        return IfMatch.BindAsync(context);
    }
}
