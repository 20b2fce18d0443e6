namespace CryptoBeacon.Alerts.Delivery;

/// <summary>When to try again: the table of Standard Webhooks, from 5 seconds to a day, up to a fifth later, so that what failed together comes back apart.</summary>
internal static class RetrySchedule
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private static readonly TimeSpan[] Waits =
    [
        Shortest,
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(5),
        TimeSpan.FromHours(10),
        TimeSpan.FromHours(14),
        TimeSpan.FromHours(20),
        Longest,
    ];

    /// <param name="retries">How often it has been tried again already.</param>
    /// <param name="asked">What the receiver asks for, which counts where it is longer.</param>
    /// <param name="chance">Between 0 and 1.</param>
    /// <returns>Null: no more.</returns>
    public static TimeSpan? After(int retries, TimeSpan? asked, double chance)
    {
        if (retries >= Waits.Length)
        {
            return null;
        }

        var wait = Waits[retries] * (1 + chance / 5);
        return asked > wait ? (asked < Longest ? asked : Longest) : wait;
    }
}
