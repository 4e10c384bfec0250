using System.Text;
using Lungfish.Json;
using Lungfish.States.Quotas;

namespace Lungfish.Simulation.Programs;

/// <summary>A state machine with one execution.</summary>
internal sealed class MachineWorkflow : Workflow
{
    /// <summary>JSON text.</summary>
    public required string Definition { get; init; }

    public required IReadOnlyDictionary<string, TaskManner> Tasks { get; init; }

    /// <summary>The machines whose executions its states start.</summary>
    public required IReadOnlyList<MachineWorkflow> Callees { get; init; }

    /// <summary>Those that its executions are held to.</summary>
    public required QuotaPolicy Quotas { get; init; }

    public string Arn => ArnOf(Name);

    public static string ArnOf(string name) => $"arn:aws:states:us-east-1:000000000000:stateMachine:{name}";

    public TaskPlan PlanFor(string state, JsonValue input, int retryCount) =>
        TaskPlan.For(Seed, Tasks[state], state, input, retryCount);

    public override string Print()
    {
        var text = new StringBuilder();
        _ = text.Append(CultureInfo.InvariantCulture, $"State machine {Name}, seed {Seed}:\n{Definition}\n");
        foreach (var (state, manner) in Tasks)
        {
            _ = text.Append(CultureInfo.InvariantCulture, $"{state}: {manner}\n");
        }

        _ = text.Append(PrintEnds());
        foreach (var callee in Callees)
        {
            _ = text.Append(callee.Print());
        }

        return text.ToString();
    }
}
