namespace Lungfish.Bench.Measuring;

/// <summary>One measured number.</summary>
/// <param name="What">What it is, in words: the same in the table, the JSON and the documentation.</param>
/// <param name="Budget">Null: nothing is asked for.</param>
/// <param name="MoreIsBetter">True: the budget is the least that is asked for; false: the most.</param>
internal sealed record Figure(
    string What, double Value, string Unit, double? Budget = null, bool MoreIsBetter = false)
{
    /// <summary>Null: there is no budget.</summary>
    public bool? IsMet => Budget is not { } budget ? null : MoreIsBetter ? Value >= budget : Value <= budget;

    public string BudgetText => Budget is not { } budget
        ? ""
        : $"{Numbers.Text(budget)} {Unit} {(IsMet is true ? "met" : "missed")}";
}
