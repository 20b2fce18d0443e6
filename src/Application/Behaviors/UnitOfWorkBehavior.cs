using CryptoBeacon.Application.Http;
using CryptoBeacon.Application.Messaging;
using CryptoBeacon.Application.Persistence;
using CryptoBeacon.Domain;
using MediatR;

namespace CryptoBeacon.Application.Behaviors;

/// <summary>
/// One transaction a command: its changes, the events that follow from them and its idempotency record commit together; a refusal or an
/// exception rolls all of it back. A command sent by another command's handler joins that one's transaction.
/// </summary>
public sealed class UnitOfWorkBehavior<TRequest, TResponse>(
    IUnitOfWork unitOfWork,
    IIdempotency idempotency,
    IMediator mediator
) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>, ICommandMarker
    where TResponse : IOutcome<TResponse>
{
    public async Task<TResponse> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<TResponse> next
    )
    {
        if (unitOfWork.IsActive)
        {
            return await next();
        }

        await unitOfWork.BeginAsync(cancellationToken);
        try
        {
            var earlier = await idempotency.ClaimAsync<TResponse>(cancellationToken);
            if (earlier is not null)
            {
                await unitOfWork.RollbackAsync();
                return earlier.Answer;
            }

            var response = await next();
            if (response.Error is not null)
            {
                await unitOfWork.RollbackAsync();
                return response;
            }

            await PublishEventsAsync(cancellationToken);
            await idempotency.RecordAsync(response, cancellationToken);
            await unitOfWork.CommitAsync(cancellationToken);
            return response;
        }
        catch
        {
            await unitOfWork.RollbackAsync();
            throw;
        }
    }

    private async Task PublishEventsAsync(CancellationToken cancellationToken)
    {
        // A handler may change other aggregates, whose events then follow.
        while (unitOfWork.TakeEvents() is { Count: > 0 } events)
        {
            foreach (var happened in events)
            {
                await mediator.Publish((INotification)happened, cancellationToken);
            }
        }
    }
}
