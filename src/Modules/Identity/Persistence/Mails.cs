using CryptoBeacon.Application.Mail;
using CryptoBeacon.Identity.Domain;

namespace CryptoBeacon.Identity.Persistence;

/// <summary>
/// Mails that wait to be sent. One is written in the statement or transaction of what it tells, by <c>identity.write_mail</c>, and asks for its job
/// by a trigger.
/// </summary>
internal sealed class Mails(IAutoCommitDatabase database, IMailer mailer, TimeProvider clock)
{
    public bool AreSent => mailer.IsAvailable;

    /// <summary>For <c>identity.write_mail</c>, which writes nothing where it is null, since nobody would send it.</summary>
    public Guid? NewId() => mailer.IsAvailable ? Uuid.New(clock) : null;

    /// <summary>Asks the current user to confirm the account's address.</summary>
    public Task AskToConfirmAsync(Guid userId, CancellationToken cancellationToken) =>
        WriteAsync(MailKind.VerifyEmail, userId, null, cancellationToken);

    /// <summary>Asks the current user's new address to confirm, and tells the old one. Another that was asked before is asked no more.</summary>
    public Task AskToMoveAsync(Guid userId, string newAddress, CancellationToken cancellationToken) =>
        database.QueryAsync<object>(
            """
            with withdrawn as materialized (select identity.withdraw_email_change()::text)
            select identity.write_mail(@questionId, @userId, 'change_email', @now, @newAddress)::text,
                identity.write_mail(@noticeId, @userId, 'email_change_requested', @now)::text
            from withdrawn
            """,
            new
            {
                questionId = NewId(),
                noticeId = NewId(),
                userId,
                newAddress,
                now = clock.UtcNow(),
            },
            cancellationToken
        );

    /// <summary>The current user stays at the own address.</summary>
    public Task WithdrawMoveAsync(CancellationToken cancellationToken) =>
        database.QueryAsync<object>("select identity.withdraw_email_change()::text", null, cancellationToken);

    /// <summary>To the account of that address, if there is one: to find out is the job's.</summary>
    public Task OfferNewPasswordAsync(string email, CancellationToken cancellationToken) =>
        WriteAsync(MailKind.ResetPassword, null, email, cancellationToken);

    /// <summary>What the mail is about. Its token, if it has one, is good from now on.</summary>
    /// <returns>Null: it was sent, or is nobody's any more.</returns>
    public Task<MailContents?> OpenAsync(Guid id, byte[] tokenHash, CancellationToken cancellationToken) =>
        database.QuerySingleOrDefaultAsync<MailContents>(
            """
            select kind, address, happened_at, expires_at, ip_address, user_agent
            from identity.open_mail(@id, @tokenHash, @now)
            """,
            new
            {
                id,
                tokenHash,
                now = clock.UtcNow(),
            },
            cancellationToken
        );

    public Task DoneAsync(Guid id, CancellationToken cancellationToken) =>
        database.QueryAsync<Guid>(
            "delete from identity.mails where id = @id returning id",
            new { id },
            cancellationToken
        );

    private async Task WriteAsync(MailKind kind, Guid? userId, string? address, CancellationToken cancellationToken) =>
        await database.QueryAsync<object>(
            "select identity.write_mail(@id, @userId, @kind, @now, @address)::text",
            new
            {
                id = NewId(),
                userId,
                kind = WireName.Of(kind),
                now = clock.UtcNow(),
                address,
            },
            cancellationToken
        );
}
