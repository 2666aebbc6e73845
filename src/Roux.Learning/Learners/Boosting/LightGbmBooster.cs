namespace Roux.Learning.Learners.Boosting;

/// <summary>A native LightGBM training in progress.</summary>
internal sealed unsafe class LightGbmBooster : IBooster
{
    private readonly LightGbmDatasetHandle training;
    private readonly LightGbmDatasetHandle? validation;
    private readonly LightGbmBoosterHandle booster;
    private readonly ValidationLoss? loss;
    private readonly double[] predictions;

    /// <summary>Takes over the data sets, which are freed with this.</summary>
    public LightGbmBooster(LightGbmDatasetHandle training, LightGbmDatasetHandle? validation, ValidationLoss? loss, string parameters)
    {
        (this.training, this.validation, this.loss) = (training, validation, loss);
        try
        {
            LightGbmNative.Check(LightGbmNative.LGBM_BoosterCreate(training, parameters, out booster));
            predictions = [];
            if (validation is not null)
            {
                LightGbmNative.Check(LightGbmNative.LGBM_BoosterAddValidData(booster, validation));
                LightGbmNative.Check(LightGbmNative.LGBM_BoosterGetNumPredict(booster, 1, out var length));
                predictions = new double[length];
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public bool Advance()
    {
        LightGbmNative.Check(LightGbmNative.LGBM_BoosterUpdateOneIter(booster, out var finished));
        return finished == 0;
    }

    public double ValidationLoss()
    {
        fixed (double* pointer = predictions)
        {
            LightGbmNative.Check(LightGbmNative.LGBM_BoosterGetPredict(booster, 1, out _, pointer));
        }

        return loss!.Of(predictions, byClass: true);
    }

    public byte[] Save(int rounds)
    {
        LightGbmNative.Check(LightGbmNative.LGBM_BoosterSaveModelToString(booster, 0, rounds, 1, 0, out var length, null));
        var text = new byte[length];
        fixed (byte* pointer = text)
        {
            LightGbmNative.Check(LightGbmNative.LGBM_BoosterSaveModelToString(booster, 0, rounds, 1, length, out length, pointer));
        }

        return LightGbmText.WithoutParameters(text.AsSpan(0, Math.Max(0, (int)length - 1)));
    }

    public void Dispose()
    {
        booster?.Dispose();
        validation?.Dispose();
        training.Dispose();
    }
}
