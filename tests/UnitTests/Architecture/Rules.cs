using System.Reflection;
using System.Text.RegularExpressions;
using CryptoBeacon.Application.Http;
using CryptoBeacon.Application.Json;
using CryptoBeacon.Application.Messaging;
using CryptoBeacon.Application.Modularity;
using CryptoBeacon.Application.Persistence;
using FluentValidation;
using MediatR;

namespace CryptoBeacon.UnitTests.Architecture;

/// <summary>The rules of the house. Each takes its subjects and names those that break it; each fails when it is given none.</summary>
internal static partial class Rules
{
    public static IEnumerable<string> A_module_references_application_and_domain_alone(IEnumerable<Assembly> modules) =>
        from module in Some(modules)
        from reference in module.GetReferencedAssemblies()
        where reference.Name!.StartsWith("CryptoBeacon.", StringComparison.Ordinal)
        where reference.Name is not ("CryptoBeacon.Application" or "CryptoBeacon.Domain")
        select $"{module.GetName().Name} references {reference.Name}";

    public static IEnumerable<string> Nothing_of_a_module_is_public_but_the_module(IEnumerable<Assembly> modules) =>
        from module in Some(modules)
        from type in module.GetExportedTypes()
        where !type.IsAssignableTo(typeof(IModule))
        select $"{type} is public";

    public static IEnumerable<string> A_handler_is_internal_and_sealed(IEnumerable<Type> types) =>
        from handler in Some(types.Where(type => type is { IsClass: true, IsAbstract: false } && IsHandler(type)))
        where handler.IsVisible || !handler.IsSealed
        select $"{handler} is not internal sealed";

    public static IEnumerable<string> A_message_has_one_handler(IEnumerable<Type> types)
    {
        var all = types.ToList();
        var handled = all.SelectMany(Handled).ToLookup(message => message);
        return from message in Some(
                all.Where(type => type is { IsAbstract: false } && type.GetInterfaces().Any(IsRequest))
            )
            where handled[message].Count() != 1
            select $"{message} has {handled[message].Count()} handlers";
    }

    /// <summary>What is more than ids and preconditions needs rules; a merge patch is validated on the state that it makes.</summary>
    /// <param name="types">The commands and their validators.</param>
    /// <param name="reasons">Why a command, by its name, needs none all the same.</param>
    public static IEnumerable<string> A_command_with_content_has_a_validator(
        IEnumerable<Type> types,
        IReadOnlyDictionary<string, string> reasons
    )
    {
        var all = types.ToList();
        var validated = all.SelectMany(type => type.GetInterfaces())
            .Where(IsClosed(typeof(IValidator<>)))
            .Select(type => type.GetGenericArguments()[0])
            .ToHashSet();
        return from command in Some(
                all.Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(ICommandMarker)))
            )
            where
                !validated.Contains(command)
                && !reasons.ContainsKey(command.Name)
                && command.GetProperties().Any(HasContent)
            select $"{command} has no validator";
    }

    public static IEnumerable<string> A_feature_file_holds_one_use_case(IEnumerable<SourceFile> features) =>
        from file in Some(features)
        let handlers = Handler().Count(file.Text)
        where handlers > 1
        select $"{file.Name} holds {handlers} use cases";

    /// <summary>What a thing is and does is told without a database; how it is read and stored stands in <c>Persistence</c>.</summary>
    public static IEnumerable<string> Domain_reaches_no_database(IEnumerable<Type> types) =>
        from type in Some(types)
        from parameter in type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
        where parameter.ParameterType.Namespace == typeof(IReadDatabase).Namespace
        select $"{type} takes {parameter.ParameterType.Name}";

    /// <summary>Another module's tables are its own business; what it publishes are functions.</summary>
    public static IEnumerable<string> Sql_names_tables_of_its_own_schema_alone(
        string schema,
        IEnumerable<SourceFile> files,
        ILookup<string, string> tables
    ) =>
        from file in Some(files)
        from sql in SqlLiteral().Matches(file.Text).Select(match => match.Groups["sql"].Value)
        let own = tables[schema].Concat(Cte().Matches(sql).Select(match => match.Groups["name"].Value)).ToHashSet()
        from use in Source().Matches(sql)
        let named = (Schema: use.Groups["schema"].Value, Table: use.Groups["table"].Value)
        where
            named.Schema.Length == 0
                ? !own.Contains(named.Table) && tables.Any(other => other.Contains(named.Table))
                : named.Schema != schema && tables[named.Schema].Contains(named.Table)
        select $"{file.Name} reads or writes {use.Value.Trim()}";

    public static IEnumerable<T> Some<T>(IEnumerable<T> subjects)
    {
        var found = subjects.ToList();
        return found.Count > 0
            ? found
            : throw new InvalidOperationException("The rule has found nothing that it could hold for.");
    }

    private static bool HasContent(PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type != typeof(Guid)
            && type != typeof(bool)
            && type != typeof(long)
            && type != typeof(IfMatch)
            && type != typeof(MergePatch)
            && type.Name != "Device"
            && property.Name is not ("CoinId" or "EqualityContract");
    }

    private static bool IsHandler(Type type) =>
        Handled(type).Any() || type.GetInterfaces().Any(IsClosed(typeof(INotificationHandler<>)));

    private static IEnumerable<Type> Handled(Type type) =>
        type.GetInterfaces()
            .Where(IsClosed(typeof(IRequestHandler<,>)))
            .Select(handler => handler.GetGenericArguments()[0]);

    private static bool IsRequest(Type type) => IsClosed(typeof(IRequest<>))(type);

    private static Func<Type, bool> IsClosed(Type generic) =>
        type => type.IsGenericType && type.GetGenericTypeDefinition() == generic;

    [GeneratedRegex(@":\s*IRequestHandler<", RegexOptions.CultureInvariant)]
    private static partial Regex Handler();

    [GeneratedRegex(
        @"""{3}(?<sql>.*?)""{3}|""(?<sql>(select|insert into|update|delete from) ([^""\\\n]|\\.)*)""",
        RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex SqlLiteral();

    [GeneratedRegex(
        @"\b(?<name>\w+)\s*(\([^)]*\))?\s+as\s+(not\s+)?(materialized\s+)?\(",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Cte();

    [GeneratedRegex(
        @"\b((?<reads>from|join)|into|update|using|copy)\s+(only\s+)?((?<schema>[a-z_]+)\.)?(?<table>(?!set\b)[a-z_]+)\b(?!\.)(?(reads)(?!\s*\())",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Source();
}

internal sealed record SourceFile(string Name, string Text);
