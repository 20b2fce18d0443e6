using Microsoft.AspNetCore.Builder;

namespace CryptoBeacon.Application.Http;

/// <summary>Marks an endpoint that answers a page which needs nothing but itself: its style stands in it, it runs nothing and fetches nothing.</summary>
public sealed class SelfContainedPageMetadata;

public static class SelfContainedPage
{
    public static TBuilder IsSelfContainedPage<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new SelfContainedPageMetadata());
}
