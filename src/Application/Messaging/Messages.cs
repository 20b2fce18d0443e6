using CryptoBeacon.Domain;
using MediatR;

namespace CryptoBeacon.Application.Messaging;

/// <summary>Marks what changes state: it runs in one transaction.</summary>
public interface ICommandMarker;

/// <summary>Changes state and answers nothing.</summary>
public interface ICommand : IRequest<Result>, ICommandMarker;

/// <summary>Changes state and answers a <typeparamref name="T"/>.</summary>
public interface ICommand<T> : IRequest<Result<T>>, ICommandMarker;

/// <summary>
/// Changes state in single statements that commit one by one, because some must stay although the answer is a refusal: a wrong password
/// counts, a stolen token ends its session.
/// </summary>
public interface IStepwiseCommand : IRequest<Result>;

/// <summary>As <see cref="IStepwiseCommand"/>, and answers a <typeparamref name="T"/>.</summary>
public interface IStepwiseCommand<T> : IRequest<Result<T>>;

/// <summary>Reads, in one round trip, and changes nothing.</summary>
public interface IQuery<T> : IRequest<Result<T>>;

/// <summary>What an entity tells: handled by whom it concerns, in any module, in the transaction that made it true.</summary>
public interface IEvent : IDomainEvent, INotification;

/// <summary>
/// A message whose fields arrive as one JSON body: validation names them as the client did (<c>price</c>, not <c>body.price</c>).
/// </summary>
public interface IHasBody<out T>
{
    T Body { get; }
}

/// <summary>An input of which creation fills in what is left out. A revision has all of it already, so there its absence is an error.</summary>
public interface IHasDefaults<out T>
    where T : class
{
    T WithDefaults();
}
