using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;

namespace CryptoBeacon.Models.Domain.Prediction;

/// <summary>
/// Boosted trees by ML.NET (Friedman, Greedy Function Approximation, 2001): a regression of the return, or a classification of the direction with Platt's
/// calibration. One thread and a seed: the same rows give the same trees.
/// </summary>
internal sealed class Learner(PredictionConfiguration configuration, int width)
{
    private readonly MLContext _ml = new(configuration.Seed);

    public Forecaster Learn(IReadOnlyList<Lesson> lessons)
    {
        // Of one outcome alone nothing can be told apart.
        var isOneSided = lessons.All(lesson => lesson.Label) || lessons.All(lesson => !lesson.Label);
        if (configuration.Target == PredictionTarget.Direction && isOneSided)
        {
            return new Forecaster(_ml, null, lessons[0].Label ? 1 : 0, width, configuration.Target);
        }

        var data = _ml.Data.LoadFromEnumerable(lessons, Lesson.Schema(width));
        ITransformer model =
            configuration.Target == PredictionTarget.Direction
                ? _ml
                    .BinaryClassification.Trainers.FastTree(
                        Shaped(new FastTreeBinaryTrainer.Options { LabelColumnName = nameof(Lesson.Label) })
                    )
                    .Fit(data)
                : _ml
                    .Regression.Trainers.FastTree(
                        Shaped(new FastTreeRegressionTrainer.Options { LabelColumnName = nameof(Lesson.Return) })
                    )
                    .Fit(data);
        return new Forecaster(_ml, model, null, width, configuration.Target);
    }

    private TOptions Shaped<TOptions>(TOptions options)
        where TOptions : BoostedTreeOptions
    {
        options.FeatureColumnName = nameof(Lesson.Known);
        options.NumberOfTrees = configuration.Trees;
        options.NumberOfLeaves = configuration.Leaves;
        options.MinimumExampleCountPerLeaf = configuration.MinimumLeafBars;
        options.LearningRate = (double)configuration.LearningRate;
        options.Seed = configuration.Seed;
        options.FeatureSelectionSeed = configuration.Seed;
        options.NumberOfThreads = 1;
        return options;
    }
}

/// <summary>What was known at a bar's close, and what came of it.</summary>
internal sealed class Lesson
{
    public float[] Known { get; set; } = [];

    /// <summary>Of the bar after.</summary>
    public float Return { get; set; }

    /// <summary>Whether the bar after closed higher.</summary>
    public bool Label { get; set; }

    public static SchemaDefinition Schema(int width)
    {
        var schema = SchemaDefinition.Create(typeof(Lesson));
        schema[nameof(Known)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        return schema;
    }
}

/// <summary>What has been learnt.</summary>
/// <param name="model">Null: <paramref name="constant"/> is all there is to say.</param>
internal sealed class Forecaster(MLContext ml, ITransformer? model, float? constant, int width, PredictionTarget target)
{
    /// <summary>Probabilities of a higher close, or returns; in the order of the rows.</summary>
    public IReadOnlyList<float> Forecast(IReadOnlyList<float[]> rows)
    {
        if (model is null)
        {
            return [.. rows.Select(_ => constant!.Value)];
        }

        var data = ml.Data.LoadFromEnumerable(rows.Select(row => new Lesson { Known = row }), Lesson.Schema(width));
        return
        [
            .. model.Transform(data).GetColumn<float>(target == PredictionTarget.Direction ? "Probability" : "Score"),
        ];
    }

    public byte[] Save()
    {
        using var content = new MemoryStream();
        if (model is null)
        {
            content.Write(BitConverter.GetBytes(constant!.Value));
        }
        else
        {
            var sample = ml.Data.LoadFromEnumerable<Lesson>([], Lesson.Schema(width));
            ml.Model.Save(model, sample.Schema, content);
        }

        return content.ToArray();
    }

    public static Forecaster Load(byte[] content, PredictionConfiguration configuration, int width)
    {
        var ml = new MLContext(configuration.Seed);
        if (content.Length == sizeof(float))
        {
            return new Forecaster(ml, null, BitConverter.ToSingle(content), width, configuration.Target);
        }

        using var stream = new MemoryStream(content);
        return new Forecaster(ml, ml.Model.Load(stream, out _), null, width, configuration.Target);
    }
}
