using System.Text.Json.Nodes;
using AutoMapper;
using CryptoBeacon.Models.Domain;

namespace CryptoBeacon.Models.Features;

/// <summary>A model as its owner reads it.</summary>
internal sealed record ModelDto : IVersioned
{
    /// <summary>What a SELECT of this record lists.</summary>
    public const string Columns = """
        id, name, description, type, configuration, is_active, performance, created_at, updated_at, revision as version
        """;

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    /// <summary>trading or prediction.</summary>
    public required string Type { get; init; }

    public required JsonObject Configuration { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>The measures of the newest back-test that has succeeded; null before the first.</summary>
    public JsonObject? Performance { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public uint Version { get; init; }

    public static string Location(Guid id) => $"/api/v1/models/{id}";

    internal sealed class Mapping : Profile
    {
        // AutoMapper takes a JSON object for a list of pairs, so that nothing is left to it here.
        public Mapping() =>
            CreateMap<TradingModel, ModelDto>()
                .ConvertUsing(
                    (model, _) =>
                        new ModelDto
                        {
                            Id = model.Id,
                            Name = model.Name,
                            Description = model.Description,
                            Type = WireName.Of(model.Type),
                            Configuration = JsonNode.Parse(model.Configuration)!.AsObject(),
                            IsActive = model.IsActive,
                            Performance = model.Performance is { } json ? JsonNode.Parse(json)!.AsObject() : null,
                            CreatedAt = model.CreatedAt,
                            UpdatedAt = model.UpdatedAt,
                            Version = model.Version,
                        }
                );
    }
}
