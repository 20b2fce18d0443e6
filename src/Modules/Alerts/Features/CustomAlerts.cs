using CryptoBeacon.Alerts.Domain;
using CryptoBeacon.Alerts.Persistence;
using CryptoBeacon.Application.Contracts.Alerts;

namespace CryptoBeacon.Alerts.Features;

/// <summary>Alerts that follow a watchlist's item.</summary>
internal sealed class CustomAlerts(
    AlertLock locked,
    IRepository<Alert> alerts,
    IValidator<AlertInput> validator,
    ICurrentUser user,
    TimeProvider clock
) : ICustomAlerts
{
    private static readonly CustomAlertValidator Spelling = new();

    public async Task<Result> ReplaceAsync(
        Guid originId,
        string coinId,
        IReadOnlyList<CustomAlert> wanted,
        CancellationToken cancellationToken
    )
    {
        var terms = Read(coinId, wanted);
        if (!terms.IsSuccess)
        {
            return terms.Error;
        }

        var present = await locked.ListOfOriginAsync(originId, cancellationToken);
        var missing = terms.Value.ToList();
        Pair(present, missing, IsAsWanted, (_, _) => { });
        // What is left on both sides and asks the same question of another target has been changed; beyond that it is another alert.
        var changed = new List<Alert>();
        Pair(
            present,
            missing,
            (alert, want) => alert.Condition == want.Condition,
            (alert, want) =>
            {
                alert.Retarget(want.Price, want.NotificationChannels);
                changed.Add(alert);
            }
        );

        var now = clock.UtcNow();
        foreach (var alert in changed)
        {
            await alerts.UpdateAsync(alert, cancellationToken);
        }

        foreach (var alert in present)
        {
            await alerts.EndAsync(alert, now, cancellationToken);
        }

        await alerts.AddRangeAsync(missing.Select(want => Alert.Arm(user.Id, want, now, originId)), cancellationToken);
        return Result.Success;
    }

    private Result<List<AlertTerms>> Read(string coinId, IReadOnlyList<CustomAlert> wanted)
    {
        var errors = new Dictionary<string, string[]>();
        var terms = new List<AlertTerms>();
        foreach (var (custom, index) in wanted.Select((custom, index) => (custom, index)))
        {
            var found = Validate(coinId, custom, out var input);
            foreach (var (field, messages) in found)
            {
                errors[$"customAlerts[{index}].{field}"] = messages;
            }

            if (found.Count == 0)
            {
                terms.Add(input.ToTerms());
            }
        }

        return errors.Count > 0 ? Error.Invalid(errors) : terms;
    }

    private IReadOnlyDictionary<string, string[]> Validate(string coinId, CustomAlert custom, out AlertInput input)
    {
        input = new AlertInput { CoinId = coinId, Price = custom.Price };
        if (Spelling.Validate(custom) is { IsValid: false } misspelt)
        {
            return misspelt.ToError().Fields;
        }

        input = input with
        {
            Condition = WireName.Parse<AlertCondition>(custom.Condition!),
            NotificationChannels = custom.NotificationChannels?.Select(WireName.Parse<NotificationChannel>).ToList(),
        };
        return validator.Validate(input) is { IsValid: false } invalid
            ? invalid.ToError().Fields
            : new Dictionary<string, string[]>();
    }

    private static bool IsAsWanted(Alert alert, AlertTerms want) =>
        alert.Condition == want.Condition
        && alert.Price == want.Price
        && alert.NotificationChannels.ToHashSet().SetEquals(want.NotificationChannels.Select(WireName.Of));

    /// <summary>Takes out of both lists, two by two, what matches.</summary>
    private static void Pair(
        List<Alert> present,
        List<AlertTerms> missing,
        Func<Alert, AlertTerms, bool> matches,
        Action<Alert, AlertTerms> onPair
    )
    {
        foreach (var want in missing.ToList())
        {
            if (present.Find(alert => matches(alert, want)) is { } alert)
            {
                present.Remove(alert);
                missing.Remove(want);
                onPair(alert, want);
            }
        }
    }
}

/// <summary>What can be said of a custom alert before it is an alert: the contract between modules has names where an alert has enums.</summary>
internal sealed class CustomAlertValidator : AbstractValidator<CustomAlert>
{
    public CustomAlertValidator()
    {
        RuleFor(alert => alert.Condition).Required().OneOf<CustomAlert, AlertCondition>();
        RuleFor(alert => alert.Price).Required();
        RuleForEach(alert => alert.NotificationChannels).Required().OneOf<CustomAlert, NotificationChannel>();
    }
}
