using CryptoBeacon.Application.Jobs;
using CryptoBeacon.Identity.Features;

namespace CryptoBeacon.Identity.Jobs;

/// <summary>Asked for by the trigger of <c>identity.mails</c>, which knows this name.</summary>
internal sealed class SendMailJob(IMediator mediator) : IJob
{
    public const string Name = "identity.send_mail";

    public Task RunAsync(string? argument, CancellationToken cancellationToken) =>
        mediator.Send(new SendMail(Guid.Parse(argument!)), cancellationToken);
}
