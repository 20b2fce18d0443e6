using CryptoBeacon.Domain.Values;
using CryptoBeacon.Models.Domain.Strategies;
using NJsonSchema;

namespace CryptoBeacon.Models.Configurations;

/// <summary>The JSON Schema (draft 7) of a strategy's configuration, made from its parameters.</summary>
internal static class ConfigurationSchema
{
    public const string StrategyKey = "strategy";
    private const string Draft = "http://json-schema.org/draft-07/schema#";
    private const string ConditionName = "condition";

    /// <summary>As everywhere in the API, a number may come as a text that holds one.</summary>
    private const string NumberPattern = @"^-?[0-9]+(\.[0-9]+)?$";

    public static JsonSchema Of(string strategy, string summary, IEnumerable<Parameter> parameters)
    {
        var schema = new JsonSchema
        {
            SchemaVersion = Draft,
            Title = strategy,
            Description = summary,
            Type = JsonObjectType.Object,
            AllowAdditionalProperties = false,
        };
        schema.Properties[StrategyKey] = new JsonSchemaProperty
        {
            Type = JsonObjectType.String,
            Enumeration = { strategy },
        };
        schema.RequiredProperties.Add(StrategyKey);
        foreach (var parameter in parameters)
        {
            schema.Properties[parameter.Name] = Property(schema, parameter);
            if (parameter.IsRequired)
            {
                schema.RequiredProperties.Add(parameter.Name);
            }
        }

        return schema;
    }

    private static JsonSchemaProperty Property(JsonSchema root, Parameter parameter)
    {
        var property = new JsonSchemaProperty { Description = parameter.Description, Default = parameter.Default };
        switch (parameter.Type)
        {
            case ParameterType.Integer:
                property.Type = JsonObjectType.Integer;
                Bound(property, parameter);
                break;
            case ParameterType.Number:
                Number(property, parameter);
                break;
            case ParameterType.Boolean:
                property.Type = JsonObjectType.Boolean;
                break;
            case ParameterType.Choice:
                property.Type = JsonObjectType.String;
                AddAll(property.Enumeration, parameter.Choices ?? []);
                break;
            case ParameterType.Times:
                property.Type = JsonObjectType.Array;
                // The form is checked where it is read: validators differ in what they take for a time.
                property.Item = new JsonSchema { Type = JsonObjectType.String };
                break;
            case ParameterType.Weights:
                property.Type = JsonObjectType.Object;
                property.MinProperties = 1;
                property.AllowAdditionalProperties = false;
                property.PatternProperties[CoinId.Pattern] = Number(new JsonSchemaProperty(), parameter);
                break;
            case ParameterType.Condition:
                property.Reference = Condition(root);
                break;
            case ParameterType.Size:
                property.Type = JsonObjectType.Object;
                property.MinProperties = 1;
                property.AllowAdditionalProperties = false;
                foreach (var (name, (_, maximum)) in PositionSize.Names)
                {
                    property.Properties[name] = Number(
                        new JsonSchemaProperty(),
                        new Parameter(name, ParameterType.Number, "", 0, maximum, ExclusiveMinimum: true)
                    );
                }

                property.Properties[PositionSize.AtrLengthBounds.Name] = Property(root, PositionSize.AtrLengthBounds);
                break;
            case ParameterType.ModelId:
                property.Type = JsonObjectType.String;
                property.Format = "uuid";
                break;
            case ParameterType.Schedule:
                property.Type = JsonObjectType.Array;
                property.MaxItems = CommonParameters.MaxSteps;
                property.Item = Step(parameter);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(parameter), parameter.Type, "has no schema");
        }

        return property;
    }

    private static JsonSchema Step(Parameter parameter)
    {
        var step = new JsonSchema { Type = JsonObjectType.Object, AllowAdditionalProperties = false };
        step.Properties["afterMinutes"] = Number(
            new JsonSchemaProperty(),
            new Parameter("", ParameterType.Number, "", 0)
        );
        step.Properties["percent"] = Number(new JsonSchemaProperty(), parameter);
        step.RequiredProperties.Add("afterMinutes");
        step.RequiredProperties.Add("percent");
        return step;
    }

    /// <summary>A tree: one operator, over conditions or over two operands. Which operators there are its reader says.</summary>
    private static JsonSchema Condition(JsonSchema root)
    {
        if (root.Definitions.TryGetValue(ConditionName, out var known))
        {
            return known;
        }

        var condition = root.Definitions[ConditionName] = new JsonSchema
        {
            Type = JsonObjectType.Object,
            Description = """{"gt": ["sma(10)", "sma(30)"]}, or all, any of several conditions, or not of one""",
            MinProperties = 1,
            MaxProperties = 1,
        };
        foreach (var name in new[] { "all", "any" })
        {
            condition.Properties[name] = new JsonSchemaProperty
            {
                Type = JsonObjectType.Array,
                MinItems = 1,
                Item = new JsonSchema { Reference = condition },
            };
        }

        condition.Properties["not"] = new JsonSchemaProperty { Reference = condition };
        condition.AdditionalPropertiesSchema = new JsonSchema
        {
            Type = JsonObjectType.Array,
            MinItems = 2,
            MaxItems = 2,
            Item = new JsonSchema { Type = JsonObjectType.String | JsonObjectType.Number },
        };
        return condition;
    }

    private static T Number<T>(T schema, Parameter parameter)
        where T : JsonSchema
    {
        schema.Type = JsonObjectType.Number | JsonObjectType.String;
        schema.Pattern = NumberPattern;
        Bound(schema, parameter);
        return schema;
    }

    private static void Bound(JsonSchema schema, Parameter parameter)
    {
        if (parameter.ExclusiveMinimum)
        {
            schema.ExclusiveMinimum = (decimal?)parameter.Minimum;
        }
        else
        {
            schema.Minimum = (decimal?)parameter.Minimum;
        }

        schema.Maximum = (decimal?)parameter.Maximum;
    }

    private static void AddAll(ICollection<object?> values, IEnumerable<string> choices)
    {
        foreach (var choice in choices)
        {
            values.Add(choice);
        }
    }
}
