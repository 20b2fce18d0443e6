using CryptoBeacon.Application.Validation;
using CryptoBeacon.Domain;
using FluentValidation;
using MediatR;

namespace CryptoBeacon.Application.Behaviors;

/// <summary>Refuses a message that its validators refuse, with every field's messages at once, before anything is opened or read.</summary>
public sealed class ValidationBehavior<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IOutcome<TResponse>
{
    public async Task<TResponse> Handle(
        TRequest request,
        CancellationToken cancellationToken,
        RequestHandlerDelegate<TResponse> next
    )
    {
        foreach (var validator in validators)
        {
            var result = await validator.ValidateAsync(request, cancellationToken);
            if (!result.IsValid)
            {
                return TResponse.Failure(result.ToError());
            }
        }

        return await next();
    }
}
