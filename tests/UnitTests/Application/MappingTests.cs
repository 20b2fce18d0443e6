using AutoMapper;
using CryptoBeacon.WebApi;
using Microsoft.Extensions.Logging.Abstractions;

namespace CryptoBeacon.UnitTests.Application;

internal sealed class MappingTests
{
    [Test]
    public void Every_answer_is_mapped_whole()
    {
        var profiles = Modules
            .All.SelectMany(module => module.GetType().Assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(Profile)))
            .ToList();
        Assert.That(profiles, Is.Not.Empty);

        new MapperConfiguration(
            mapper => profiles.ForEach(mapper.AddProfile),
            NullLoggerFactory.Instance
        ).AssertConfigurationIsValid();
    }
}
