using System.Text;
using Lungfish.Durable.Deciding;
using Lungfish.Engine;
using Lungfish.Engine.Durable;
using Lungfish.Engine.StateMachines;
using Lungfish.Simulation.Storing;
using Lungfish.States.Tests.Deciding;

namespace Lungfish.Simulation.Checking;

/// <summary>Compares what the server has in memory with the fold of what is durable.</summary>
internal static class Memory
{
    /// <summary>What is at rest leaves when there is too much of it.</summary>
    /// <param name="restingMax">How many a partition may keep.</param>
    public static void Count(LungfishEngine engine, int restingMax, Action<string, string> violate)
    {
        foreach (var partition in engine.Partitions.All)
        {
            var resting = partition.Residents.All.Count(resident => resident.Place is not null);
            if (resting > restingMax)
            {
                violate("L4", $"{resting} executions at rest are in the memory of {partition.Id}, of {restingMax}.");
            }
        }
    }

    public static void Compare(LungfishEngine engine, Book book, SimDisk disk, Action<string, string> violate)
    {
        foreach (var partition in engine.Partitions.All)
        {
            // What has changes that are not durable yet is ahead of the store, and rightly so.
            foreach (var resident in partition.Residents.All.Where(resident =>
                !resident.IsDirty && resident.Work is null && disk.Find(resident.Id.Uuid) is { IsDamaged: false }))
            {
                var (memory, durable) = resident switch
                {
                    StateMachineResident machine => (
                        ExecutionDump.Of(machine.Execution),
                        book.FindMachine(machine.Id.Uuid) is { } story ? ExecutionDump.Of(story.Fold) : ""),
                    DurableResident function => (
                        Dump(function.Execution),
                        book.FindDurable(function.Id.Uuid) is { } story ? Dump(story.Fold) : ""),
                    _ => ("", ""),
                };
                if (memory != durable)
                {
                    violate("I3", $"In memory {resident.Arn} is\n{memory}\nand by its journal\n{durable}");
                }
            }
        }
    }

    private static string Dump(DurableExecution execution)
    {
        var text = new StringBuilder();
        _ = text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{execution.Status} {execution.StartedAt:O} {execution.EndedAt:O} {execution.Result} {execution.Error}");
        _ = text.AppendLine(
            CultureInfo.InvariantCulture,
            $"last {execution.LastEventId}, running {execution.Running?.Number}, token {execution.Token}, "
            + $"due {execution.NextDueAt:O}, failures {execution.Failures}, change {execution.LastChange}");
        foreach (var operation in execution.Operations)
        {
            _ = text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{operation.Sequence} {operation.Id} {operation.Type} {operation.Status} {operation.Payload} "
                + $"{operation.Attempt} {operation.NextAttemptAt:O} {operation.EndedAt:O} {operation.Change}");
        }

        return text.ToString();
    }
}
