namespace Roux.Debugging.Checks.Training;

/// <summary>All checks of trainings, those that name a cause before those that see its consequences.</summary>
public static class TrainingChecks
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<TrainingCheck> All { get; } =
    [
        new NotFiniteCheck(), new GradientsNotResetCheck(), new EvaluationModeCheck(), new SoftmaxTwiceCheck(), new LossMismatchCheck(), new BatchNormBatchOneCheck(),
        new SymmetricUnitsCheck(), new AllZeroCheck(), new RecurrentRadiusCheck(), new RowsMixedCheck(), new PaddingNotMaskedCheck(), new InputScaleCheck(), new UnscaledTargetsCheck(), new PoorInitialisationCheck(), new LearningRateRangeCheck(), new RegularisationTooStrongCheck(),
        new DeadUnitsCheck(), new SaturatedCheck(), new FrozenParameterCheck(), new UnconnectedParameterCheck(), new MissingActivationCheck(), new LabelRangeCheck(),
        new UpdateRatioCheck(), new VanishingGradientCheck(), new ExplodingGradientCheck(), new ConstantOutputCheck(), new UnchangedTensorCheck(),
        new OverfitBatchCheck(), new InitialLossCheck(), new ValidationAtChanceCheck(), new AtChanceCheck(), new LossDivergingCheck(), new LossNotDecreasingCheck(),
        new LearningRateTooLowCheck(), new LossOscillatingCheck(), new OvertrainingCheck(), new OverfitCheck(), new UnderfitCheck(), new PlateauCheck(), new StalledCheck(),
    ];

    /// <summary>Those whose verdict stands in the middle of a training.</summary>
    public static IReadOnlyList<TrainingCheck> Live { get; } = [.. All.Where(check => check.IsLive)];

    /// <summary>Those of units and weights: alive, drawn well, moving at a sound rate.</summary>
    public static IReadOnlyList<TrainingCheck> OfWeights { get; } =
    [
        .. All.Where(check => check is SymmetricUnitsCheck or AllZeroCheck or RecurrentRadiusCheck or PoorInitialisationCheck or RegularisationTooStrongCheck or DeadUnitsCheck or SaturatedCheck
            or FrozenParameterCheck or UnconnectedParameterCheck or MissingActivationCheck or UpdateRatioCheck or UnchangedTensorCheck),
    ];

    /// <summary>Those of loss and gradients: all that are not of weights, but for learning a batch by heart.</summary>
    public static IReadOnlyList<TrainingCheck> OfLoss { get; } = [.. All.Except(OfWeights).Where(check => check is not OverfitBatchCheck)];

    /// <summary>Those that read curves only.</summary>
    public static IReadOnlyList<TrainingCheck> OfCurves { get; } = [.. All.Where(check => !check.IsProbe)];
}
