using System.Collections.Immutable;
using Lungfish.Durable;
using Lungfish.Engine.Api;
using Lungfish.Engine.Durable;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.Tasks;
using Lungfish.Json;
using Lungfish.States.Deciding;

namespace Lungfish.Simulation.Checking;

/// <summary>Sees all that leaves the server, and compares it with what is durable at that moment.</summary>
internal sealed class Witness(Book book, ReadOnlyMemory<byte> tokenKey, Action<string, string> violate)
{
    private readonly TaskTokens _taskTokens = new(tokenKey);
    private readonly DurableTokens _durableTokens = new(tokenKey);
    private readonly HashSet<TaskAddress> _answered = [];

    public void Started(string arn, DateTimeOffset startedAt)
    {
        if (book.FindMachine(StatesArn.ParseExecution(arn)) is not { } story)
        {
            violate("I7", $"The start of {arn} was acknowledged, and is not durable.");
        }
        else if (story.Fold.StartedAt != startedAt)
        {
            violate("I10", $"{arn} was started at {startedAt:O}, and it is another that started at this moment.");
        }
    }

    public void Told(ExecutionDescription told)
    {
        var arn = told.Summary.ExecutionArn;
        if (book.FindMachine(StatesArn.ParseExecution(arn)) is not { } story)
        {
            violate("I7", $"{arn} was described, and is not durable.");
        }
        else if (told.Summary.Status != ExecutionStatus.Running
            && (story.Fold.Status != told.Summary.Status || story.Fold.Output?.ToText() != told.Output))
        {
            violate("I7", $"{arn} is told to be {told.Summary.Status}, and durable is {story.Fold.Status}.");
        }
    }

    public void Told(string arn, IReadOnlyList<Lungfish.States.Journal.HistoryEvent> events)
    {
        if (book.FindMachine(StatesArn.ParseExecution(arn)) is not { } story
            || events.Any(e => e.Id > story.Fold.LastEventId))
        {
            violate("I7", $"The history of {arn} shows what is not durable.");
        }
    }

    public void Stopped(string arn, DateTimeOffset stoppedAt)
    {
        if (book.FindMachine(StatesArn.ParseExecution(arn)) is not { IsClosed: true } story)
        {
            violate("I7", $"The stop of {arn} was acknowledged at {stoppedAt:O}, and is not durable.");
        }
        else if (story.Fold.StoppedAt != stoppedAt)
        {
            violate("I11", $"{arn} was stopped at {stoppedAt:O}, and stopped at {story.Fold.StoppedAt:O}.");
        }
    }

    /// <summary>A task goes to its handler.</summary>
    public void HandedOut(TaskAssignment assignment)
    {
        var task = assignment.Task;
        if (book.FindMachine(assignment.ExecutionId.Uuid) is not { } story || !story.WasScheduled(task.Id)
            || (task.Phase == TaskPhase.AwaitingAnswer && !story.WasHandedOver(task.Id)))
        {
            violate("I7", $"Task {task.Id} of {assignment.Execution.ExecutionArn} is carried out, and is not durable.");
        }
    }

    /// <summary>An activity's worker has got a task.</summary>
    public void Taken(string token)
    {
        var task = _taskTokens.Open(token);
        if (book.FindMachine(task.Execution.Uuid) is not { } story || !story.WasHandedOver(task.TaskId))
        {
            violate("I7", $"Task {task} was given to a worker, and that is not durable.");
        }
    }

    /// <param name="output">Null: it failed.</param>
    public void Answered(string token, JsonValue? output)
    {
        var task = _taskTokens.Open(token);
        if (!_answered.Add(task))
        {
            violate("I16", $"Two answers of {task} were accepted.");
        }

        if (book.FindMachine(task.Execution.Uuid) is not { } story)
        {
            violate("I7", $"An answer of {task} was acknowledged, whose execution is not durable.");
        }
        else if (story.EndOf(task.TaskId) is not { } end)
        {
            violate("I7", $"The answer of {task} was acknowledged, and is not durable.");
        }
        else if (output is not null && end.Details.Output is { } kept && !kept.Equals(output))
        {
            violate("I8", $"The answer of {task} was {output.ToText()}, and {kept.ToText()} is in its history.");
        }
    }

    public void StartedDurable(string arn, DateTimeOffset startedAt)
    {
        if (Find(arn) is not { } story)
        {
            violate("I7", $"The start of {arn} was acknowledged, and is not durable.");
        }
        else if (story.Fold.StartedAt != startedAt)
        {
            violate("I10", $"{arn} was started at {startedAt:O}, and it is another that started at this moment.");
        }
    }

    public void StoppedDurable(string arn)
    {
        if (Find(arn) is not { IsClosed: true })
        {
            violate("I7", $"The stop of {arn} was acknowledged, and is not durable.");
        }
    }

    public void Told(DurableDescription told)
    {
        var arn = told.Summary.ExecutionArn;
        if (Find(arn) is not { } story)
        {
            violate("I7", $"{arn} was described, and is not durable.");
        }
        else if (told.Summary.Status != DurableStatus.Running && story.Fold.Status != told.Summary.Status
            && !story.WasRedriven)
        {
            violate("I7", $"{arn} is told to be {told.Summary.Status}, and durable is {story.Fold.Status}.");
        }
    }

    public void Checkpointed(string arn, string token, ImmutableArray<OperationUpdate> updates)
    {
        var (_, number) = _durableTokens.OpenCheckpointToken(token, DurableArn.ParseOwn(arn));
        if (updates.Length > 0 && Find(arn)?.HasAccepted(number) != true)
        {
            violate("I7", $"The checkpoint {number} of {arn} was acknowledged, and is not durable.");
        }
    }

    public void AnsweredCallback(string callbackId, OperationStatus status)
    {
        var (execution, sequence) = _durableTokens.OpenCallbackId(callbackId);
        var operation = book.FindDurable(execution.Uuid)?.Fold.Find(sequence);
        if (operation is not null && operation.Status != status)
        {
            violate("I7", $"Callback {sequence} of {execution} was {status} by its answer, and is {operation.Status}.");
        }
    }

    /// <summary>A function is invoked.</summary>
    public void Invoked(DurableInvocation invocation)
    {
        if (Find(invocation.Execution.Arn)?.HasBegun(invocation.RequestId) != true)
        {
            violate("I7", $"{invocation.Execution.Arn} runs an invocation that is not durable.");
        }
    }

    /// <summary>A chained invoke leaves.</summary>
    public void Sent(ChainedInvoke invoke)
    {
        if (Find(invoke.CallerArn)?.Fold.Find(invoke.OperationId) is not { Target.IsSent: true })
        {
            violate("I7", $"Chained invoke {invoke.OperationId} of {invoke.CallerArn} was sent, and is not durable.");
        }
    }

    private DurableStory? Find(string arn) => book.FindDurable(DurableArn.ParseOwn(arn).Id.Uuid);
}
