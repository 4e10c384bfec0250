using Lungfish.Json;

namespace Lungfish.Simulation.Programs;

/// <summary>Asks for the tasks of the activity, one after the other, and answers them as planned.</summary>
internal sealed class ActivityWorker(
    Outside outside, string name, IReadOnlyDictionary<string, MachineWorkflow> machines)
{
    private static readonly TimeSpan s_pollTime = TimeSpan.FromSeconds(15);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var task = await outside.CallAsync(engine => engine.Activities.GetTaskAsync(
                TaskWriter.Activity, name, s_pollTime, CancellationToken.None));
            if (task is not null && JsonValue.Parse(task.Input) is JsonObject input
                && input["machine"] is JsonString machine && input["state"] is JsonString state)
            {
                outside.Answer(task.TaskToken, machines[machine.Value].PlanFor(state.Value, input, retryCount: 0));
            }
        }
    }
}
