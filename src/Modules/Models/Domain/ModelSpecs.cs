namespace CryptoBeacon.Models.Domain;

/// <summary>The questions that can be asked of models.</summary>
internal static class ModelSpecs
{
    /// <summary>Locked, so that what is decided on it still holds when it is written.</summary>
    public sealed class ById : Specification<TradingModel>
    {
        public ById(Guid userId, Guid id) => Query.Where(model => model.UserId == userId && model.Id == id).ForUpdate();
    }
}
