using System.Diagnostics.CodeAnalysis;

namespace CryptoBeacon.Domain;

/// <summary>The outcome of a use case: done, or refused with the reason.</summary>
public interface IOutcome<TSelf>
    where TSelf : IOutcome<TSelf>
{
    Error? Error { get; }

    /// <summary>The answer of a success, for what handles outcomes of every type; null where there is none.</summary>
    object? Payload { get; }

    static abstract Type? PayloadType { get; }

    static abstract TSelf Success(object? payload);

    static abstract TSelf Failure(Error error);
}

/// <summary>The outcome of a use case that answers nothing.</summary>
public readonly record struct Result : IOutcome<Result>
{
    private Result(Error? error) => Error = error;

    public Error? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    public static Result Success => default;

    object? IOutcome<Result>.Payload => null;

    static Type? IOutcome<Result>.PayloadType => null;

    static Result IOutcome<Result>.Success(object? payload) => Success;

    public static Result Failure(Error error) => new(error);

    public static implicit operator Result(Error error) => new(error);
}

/// <summary>The outcome of a use case that answers a <typeparamref name="T"/>.</summary>
public readonly record struct Result<T> : IOutcome<Result<T>>
{
    private readonly T? _value;

    private Result(T? value, Error? error)
    {
        _value = value;
        Error = error;
    }

    public Error? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>The answer; asking a refused result for it is a defect.</summary>
    public T Value => IsSuccess ? _value! : throw new InvalidOperationException($"Refused: {Error.Code}");

    object? IOutcome<Result<T>>.Payload => _value;

    static Type? IOutcome<Result<T>>.PayloadType => typeof(T);

    static Result<T> IOutcome<Result<T>>.Success(object? payload) => new((T?)payload, null);

    public static Result<T> Failure(Error error) => new(default, error);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);
}
