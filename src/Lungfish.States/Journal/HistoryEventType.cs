namespace Lungfish.States.Journal;

/// <summary>The types of events that GetExecutionHistory shows, by AWS's names. The numbers are stored.</summary>
public enum HistoryEventType : byte
{
    ExecutionStarted = 1,
    ExecutionSucceeded = 2,
    ExecutionFailed = 3,
    ExecutionTimedOut = 4,
    ExecutionAborted = 5,

    PassStateEntered = 10,
    PassStateExited = 11,
    ChoiceStateEntered = 12,
    ChoiceStateExited = 13,
    WaitStateEntered = 14,
    WaitStateExited = 15,
    WaitStateAborted = 16,
    SucceedStateEntered = 17,
    SucceedStateExited = 18,
    FailStateEntered = 19,

    TaskStateEntered = 30,
    TaskStateExited = 31,
    TaskStateAborted = 32,
    TaskScheduled = 33,
    TaskStarted = 34,
    TaskSubmitted = 35,
    TaskSucceeded = 36,
    TaskFailed = 37,
    TaskTimedOut = 38,

    LambdaFunctionScheduled = 40,
    LambdaFunctionStarted = 41,
    LambdaFunctionSucceeded = 42,
    LambdaFunctionFailed = 43,
    LambdaFunctionTimedOut = 44,

    ActivityScheduled = 50,
    ActivityStarted = 51,
    ActivitySucceeded = 52,
    ActivityFailed = 53,
    ActivityTimedOut = 54,

    ParallelStateEntered = 60,
    ParallelStateStarted = 61,
    ParallelStateSucceeded = 62,
    ParallelStateFailed = 63,
    ParallelStateAborted = 64,
    ParallelStateExited = 65,

    MapStateEntered = 70,
    MapStateStarted = 71,
    MapStateSucceeded = 72,
    MapStateFailed = 73,
    MapStateAborted = 74,
    MapStateExited = 75,
    MapIterationStarted = 76,
    MapIterationSucceeded = 77,
    MapIterationFailed = 78,
    MapIterationAborted = 79,

    MapRunStarted = 80,
    MapRunSucceeded = 81,
    MapRunFailed = 82,
    MapRunAborted = 83,

    EvaluationFailed = 90,
}
