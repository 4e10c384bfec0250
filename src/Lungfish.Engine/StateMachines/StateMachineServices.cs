using Lungfish.Engine.Activities;
using Lungfish.Engine.Identifiers;
using Lungfish.Engine.MapRuns;
using Lungfish.Engine.Partitions;
using Lungfish.Engine.Tasks;
using Lungfish.States.Quotas;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine.StateMachines;

/// <summary>What the executions of state machines need of the engine.</summary>
internal sealed record StateMachineServices(
    TaskTokens Tokens,
    TaskDispatcher Dispatcher,
    ActivityTasks Activities,
    QuotaPolicy Quotas,
    MapRunServices MapRuns,
    TakenNames Names,
    ILogger Logger);
