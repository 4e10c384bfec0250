using System.Collections.Frozen;
using System.Text.Json;
using static Lungfish.States.Journal.EventMember;
using static Lungfish.States.Journal.HistoryEventType;

namespace Lungfish.States.Journal;

/// <summary>A member of the details of an event, as GetExecutionHistory writes it.</summary>
internal enum EventMember
{
    Name,
    Input,
    Parameters,
    Output,
    Error,
    Cause,
    Resource,
    ResourceType,
    Region,
    RoleArn,
    WorkerName,
    TimeoutInSeconds,
    HeartbeatInSeconds,
    TaskCredentials,
    AssignedVariables,
    Location,
    State,
    Index,
    Length,
    MapRunArn,
}

/// <summary>How events of one type look on the wire.</summary>
/// <param name="DetailsName">The member that holds the details, or null if events of this type have none.</param>
internal sealed record EventShape(JsonEncodedText TypeName, JsonEncodedText? DetailsName, EventMember[] Members)
{
    private static readonly FrozenDictionary<HistoryEventType, EventShape> ByType = CreateTable().ToFrozenDictionary();

    public static EventShape Of(HistoryEventType type) => ByType[type];

    public static bool IsKnown(HistoryEventType type) => ByType.ContainsKey(type);

    // Recorded across the conformance groups; the member lists are those of the service's API model.
    private static Dictionary<HistoryEventType, EventShape> CreateTable()
    {
        var table = new Dictionary<HistoryEventType, EventShape>();

        Add("executionStartedEventDetails", [Input, RoleArn], ExecutionStarted);
        Add("executionSucceededEventDetails", [Output], ExecutionSucceeded);
        Add("executionFailedEventDetails", [Error, Cause], ExecutionFailed);
        Add("executionTimedOutEventDetails", [Error, Cause], ExecutionTimedOut);
        Add("executionAbortedEventDetails", [Error, Cause], ExecutionAborted);

        Add(
            "stateEnteredEventDetails",
            [Name, Input],
            PassStateEntered,
            ChoiceStateEntered,
            WaitStateEntered,
            SucceedStateEntered,
            FailStateEntered,
            TaskStateEntered,
            ParallelStateEntered,
            MapStateEntered);
        Add(
            "stateExitedEventDetails",
            [Name, Output, AssignedVariables],
            PassStateExited,
            ChoiceStateExited,
            WaitStateExited,
            SucceedStateExited,
            TaskStateExited,
            ParallelStateExited,
            MapStateExited);
        Add("evaluationFailedEventDetails", [Error, Cause, Location, State], EvaluationFailed);
        Add(null, [], TaskStateAborted, WaitStateAborted, ParallelStateAborted, MapStateAborted);

        Add(
            "taskScheduledEventDetails",
            [ResourceType, Resource, Region, Parameters, TimeoutInSeconds, HeartbeatInSeconds, TaskCredentials],
            TaskScheduled);
        Add("taskStartedEventDetails", [ResourceType, Resource], TaskStarted);
        Add("taskSubmittedEventDetails", [ResourceType, Resource, Output], TaskSubmitted);
        Add("taskSucceededEventDetails", [ResourceType, Resource, Output], TaskSucceeded);
        Add("taskFailedEventDetails", [ResourceType, Resource, Error, Cause], TaskFailed);
        Add("taskTimedOutEventDetails", [ResourceType, Resource, Error, Cause], TaskTimedOut);

        Add(
            "lambdaFunctionScheduledEventDetails",
            [Resource, Input, TimeoutInSeconds, TaskCredentials],
            LambdaFunctionScheduled);
        Add(null, [], LambdaFunctionStarted);
        Add("lambdaFunctionSucceededEventDetails", [Output], LambdaFunctionSucceeded);
        Add("lambdaFunctionFailedEventDetails", [Error, Cause], LambdaFunctionFailed);
        Add("lambdaFunctionTimedOutEventDetails", [Error, Cause], LambdaFunctionTimedOut);

        Add(
            "activityScheduledEventDetails",
            [Resource, Input, TimeoutInSeconds, HeartbeatInSeconds],
            ActivityScheduled);
        Add("activityStartedEventDetails", [WorkerName], ActivityStarted);
        Add("activitySucceededEventDetails", [Output], ActivitySucceeded);
        Add("activityFailedEventDetails", [Error, Cause], ActivityFailed);
        Add("activityTimedOutEventDetails", [Error, Cause], ActivityTimedOut);

        Add(null, [], ParallelStateStarted, ParallelStateSucceeded, ParallelStateFailed);
        Add("mapStateStartedEventDetails", [Length], MapStateStarted);
        Add(null, [], MapStateSucceeded, MapStateFailed);
        Add("mapIterationStartedEventDetails", [Name, EventMember.Index], MapIterationStarted);
        Add("mapIterationSucceededEventDetails", [Name, EventMember.Index], MapIterationSucceeded);
        Add("mapIterationFailedEventDetails", [Name, EventMember.Index], MapIterationFailed);
        Add("mapIterationAbortedEventDetails", [Name, EventMember.Index], MapIterationAborted);
        Add("mapRunStartedEventDetails", [MapRunArn], MapRunStarted);
        Add("mapRunFailedEventDetails", [Error, Cause], MapRunFailed);
        Add(null, [], MapRunSucceeded, MapRunAborted);
        return table;

        void Add(string? detailsName, EventMember[] members, params ReadOnlySpan<HistoryEventType> types)
        {
            foreach (var type in types)
            {
                JsonEncodedText? details = detailsName is null ? null : JsonEncodedText.Encode(detailsName);
                table.Add(type, new(JsonEncodedText.Encode(type.ToString()), details, members));
            }
        }
    }
}
