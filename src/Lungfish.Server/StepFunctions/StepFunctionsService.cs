using Lungfish.Engine.Api;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>The table of the Step Functions API: what is not in it answers as an unknown operation.</summary>
internal static class StepFunctionsService
{
    /// <param name="stopping">Cancelled when the server stops: ends long polls.</param>
    public static AwsJsonService Over(
        IExecutions executions,
        IStateMachines stateMachines,
        IActivities activities,
        IMapRuns mapRuns,
        IStateTests tests,
        CancellationToken stopping) => new(
        "AWSStepFunctions",
        "com.amazonaws.swf.service.v2.model#",
        [
            (nameof(CreateActivity), ApiOperation.Of(new CreateActivity(activities))),
            (nameof(CreateStateMachine), ApiOperation.Of(new CreateStateMachine(stateMachines))),
            (nameof(DeleteActivity), ApiOperation.Of(new DeleteActivity(activities))),
            (nameof(DeleteStateMachine), ApiOperation.Of(new DeleteStateMachine(stateMachines))),
            (nameof(DescribeActivity), ApiOperation.Of(new DescribeActivity(activities))),
            (nameof(DescribeExecution), ApiOperation.Of(new DescribeExecution(executions))),
            (nameof(DescribeMapRun), ApiOperation.Of(new DescribeMapRun(mapRuns))),
            (nameof(DescribeStateMachine), ApiOperation.Of(new DescribeStateMachine(stateMachines))),
            (nameof(DescribeStateMachineForExecution),
                ApiOperation.Of(new DescribeStateMachineForExecution(executions))),
            (nameof(GetActivityTask), ApiOperation.Of(new GetActivityTask(activities, stopping))),
            (nameof(GetExecutionHistory), ApiOperation.Of(new GetExecutionHistory(executions))),
            (nameof(ListActivities), ApiOperation.Of(new ListActivities(activities))),
            (nameof(ListExecutions), ApiOperation.Of(new ListExecutions(executions, stateMachines, mapRuns))),
            (nameof(ListMapRuns), ApiOperation.Of(new ListMapRuns(mapRuns))),
            (nameof(ListStateMachines), ApiOperation.Of(new ListStateMachines(stateMachines))),
            (nameof(SendTaskFailure), ApiOperation.Of(new SendTaskFailure(executions))),
            (nameof(SendTaskHeartbeat), ApiOperation.Of(new SendTaskHeartbeat(executions))),
            (nameof(SendTaskSuccess), ApiOperation.Of(new SendTaskSuccess(executions))),
            (nameof(StartExecution), ApiOperation.Of(new StartExecution(executions, stateMachines))),
            (nameof(StopExecution), ApiOperation.Of(new StopExecution(executions))),
            (nameof(TestState), ApiOperation.Of(new TestState(tests, stopping))),
            (nameof(UpdateMapRun), ApiOperation.Of(new UpdateMapRun(mapRuns))),
            (nameof(UpdateStateMachine), ApiOperation.Of(new UpdateStateMachine(stateMachines))),
            (nameof(ValidateStateMachineDefinition),
                ApiOperation.Of(new ValidateStateMachineDefinition(stateMachines))),
        ]);
}
