using CryptoBeacon.Application.Http;
using CryptoBeacon.Application.Json;
using FluentValidation;

namespace CryptoBeacon.Application.Validation;

/// <summary>The contract's limits as rules, said once for all modules. Each lets null pass, except where its summary says "required".</summary>
public static class Rules
{
    public const int MaxNameLength = 100;
    public const int MaxNotesLength = 4000;
    public const int MaxTags = 20;
    public const int MaxTagLength = 50;

    /// <summary>Required.</summary>
    public static IRuleBuilderOptions<T, TProperty> Required<T, TProperty>(this IRuleBuilder<T, TProperty> rule) =>
        rule.Limit(new Limit { IsRequired = true }, value => value is not null and not "", "is required");

    /// <summary>1–100 characters on one line.</summary>
    public static IRuleBuilderOptions<T, string?> Name<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Line(MaxNameLength);

    /// <summary>1 to <paramref name="maxLength"/> characters without any control character.</summary>
    public static IRuleBuilderOptions<T, string?> Line<T>(
        this IRuleBuilder<T, string?> rule,
        int maxLength,
        int minLength = 1
    ) =>
        rule.Limit(
                new Limit { MinLength = minLength, MaxLength = maxLength },
                text => text is null || (text.Length >= minLength && Characters(text) <= maxLength),
                minLength == 0
                    ? $"must have at most {maxLength} characters"
                    : $"must have {minLength} to {maxLength} characters"
            )
            .Must(text => text is null || !text.Any(char.IsControl))
            .WithMessage("must not contain control characters");

    /// <summary>Up to 4,000 characters; line feed, carriage return and tab are the only control characters.</summary>
    public static IRuleBuilderOptions<T, string?> Notes<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Limit(
                new Limit { MaxLength = MaxNotesLength },
                text => text is null || Characters(text) <= MaxNotesLength,
                $"must have at most {MaxNotesLength} characters"
            )
            .Must(text => text is null || !text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
            .WithMessage("must not contain control characters other than line feed, carriage return and tab");

    /// <summary>Up to 20 tags of 1–50 characters.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<string>?> Tags<T>(
        this IRuleBuilder<T, IReadOnlyList<string>?> rule
    ) =>
        rule.Entries(0, MaxTags, "tags")
            .Limit(
                new Limit
                {
                    Items = new Limit { MinLength = 1, MaxLength = MaxTagLength },
                },
                tags =>
                    tags is null
                    || tags.All(tag =>
                        tag is { Length: >= 1 } && Characters(tag) <= MaxTagLength && !tag.Any(char.IsControl)
                    ),
                $"must be texts of 1 to {MaxTagLength} characters without control characters"
            );

    /// <summary>A list of so many entries.</summary>
    public static IRuleBuilderOptions<T, IReadOnlyList<TEntry>?> Entries<T, TEntry>(
        this IRuleBuilder<T, IReadOnlyList<TEntry>?> rule,
        int min,
        int max,
        string entries
    ) =>
        rule.Limit(
            new Limit { MinItems = min, MaxItems = max },
            list => list is null || (list.Count >= min && list.Count <= max),
            min == 0 ? $"must have at most {max} {entries}" : $"must have {min} to {max} {entries}"
        );

    public static IRuleBuilderOptions<T, string?> CoinId<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Limit(
            new Limit { Pattern = Domain.Values.CoinId.Pattern },
            coin => coin is null || Domain.Values.CoinId.IsValid(coin),
            Domain.Values.CoinId.Rule
        );

    public static IRuleBuilderOptions<T, string?> Currency<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Limit(
            new Limit { Pattern = Domain.Values.Currency.Pattern },
            code => code is null || Domain.Values.Currency.IsValid(code),
            Domain.Values.Currency.Rule
        );

    /// <summary>More than 0.</summary>
    public static IRuleBuilderOptions<T, decimal?> Positive<T>(this IRuleBuilder<T, decimal?> rule) =>
        rule.Must(value => value is null or > 0).WithMessage("must be greater than 0");

    /// <summary>0 or more.</summary>
    public static IRuleBuilderOptions<T, decimal?> NotNegative<T>(this IRuleBuilder<T, decimal?> rule) =>
        rule.Must(value => value is null or >= 0).WithMessage("must be 0 or greater");

    /// <summary>
    /// Not in the future, beyond five minutes' tolerance for clocks, nor before 1900: such a time is a fault of a program, and the first instant that
    /// .NET knows is minus infinity to PostgreSQL.
    /// </summary>
    public static IRuleBuilderOptions<T, DateTimeOffset?> NotInTheFuture<T>(
        this IRuleBuilder<T, DateTimeOffset?> rule,
        TimeProvider clock
    ) =>
        rule.Must(at => at is null || at <= clock.GetUtcNow() + ClockTolerance)
            .WithMessage("must not lie in the future")
            .Must(at => at is null || at >= EarliestTime)
            .WithMessage("must not lie before 1900");

    /// <summary>A time in a query, which arrives as text.</summary>
    public static IRuleBuilderOptions<T, string?> Time<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(time => time is null || UtcTime.TryParse(time, out _)).WithMessage(UtcTime.Rule);

    /// <summary>A time in a query that has come already.</summary>
    public static IRuleBuilderOptions<T, string?> PastTime<T>(this IRuleBuilder<T, string?> rule, TimeProvider clock) =>
        rule.Must(time => time is null || (UtcTime.TryParse(time, out var at) && at <= clock.GetUtcNow()))
            .WithMessage("must be a past time in RFC 3339 with an offset, such as 2026-01-31T12:00:00Z");

    /// <summary>The end of a range of which the start is another time of the query: a range that runs backwards is a slip, not an empty list.</summary>
    public static IRuleBuilderOptions<T, string?> NotBefore<T>(
        this IRuleBuilder<T, string?> rule,
        Func<T, string?> start
    ) =>
        rule.Must((query, to) => SpanOf(start(query), to) is not { Ticks: < 0 })
            .WithMessage("must not lie before from");

    /// <summary>The same where nothing can be said of an instant.</summary>
    public static IRuleBuilderOptions<T, string?> After<T>(
        this IRuleBuilder<T, string?> rule,
        Func<T, string?> start
    ) => rule.Must((query, to) => SpanOf(start(query), to) is not { Ticks: <= 0 }).WithMessage("must lie after from");

    /// <summary>Null: one of them is not given, or is refused for itself.</summary>
    private static TimeSpan? SpanOf(string? start, string? end) =>
        UtcTime.TryParse(start, out var from) && UtcTime.TryParse(end, out var to) ? to - from : null;

    public static IRuleBuilderOptions<T, string?> OneOf<T, TEnum>(this IRuleBuilder<T, string?> rule)
        where TEnum : struct, Enum =>
        rule.Limit(
            new Limit { OneOf = [.. WireName.All<TEnum>()] },
            name => name is null || WireName.TryParse<TEnum>(name, out _),
            WireName.Rule<TEnum>()
        );

    /// <summary>1–200.</summary>
    public static IRuleBuilderOptions<T, int?> PageLimit<T>(this IRuleBuilder<T, int?> rule) =>
        rule.Must(limit => limit is null or (>= 1 and <= PageSize.Max))
            .WithMessage($"must lie between 1 and {PageSize.Max}");

    /// <summary>A cursor that an earlier page gave, of the same list and order.</summary>
    public static IRuleBuilderOptions<T, string?> CursorOf<T, TPosition>(this IRuleBuilder<T, string?> rule)
        where TPosition : class =>
        rule.Must(cursor => cursor is null || Cursor.TryDecode<TPosition>(cursor, out _))
            .WithMessage("is not a cursor of this list");

    /// <summary>A rule that the API's document shows, too.</summary>
    public static IRuleBuilderOptions<T, TProperty> Limit<T, TProperty>(
        this IRuleBuilder<T, TProperty> rule,
        Limit limit,
        Func<TProperty, bool> isMet,
        string message
    ) => rule.SetValidator(new LimitValidator<T, TProperty>(limit, isMet, message));

    public static readonly DateTimeOffset EarliestTime = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>As PostgreSQL counts them: an emoji is one.</summary>
    private static int Characters(string text) => text.EnumerateRunes().Count();
}
