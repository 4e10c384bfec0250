using Lungfish.Engine.Identifiers;
using Microsoft.Extensions.Logging;

namespace Lungfish.Engine.Durable;

/// <summary>What durable executions need of the engine.</summary>
internal sealed record DurableServices(
    IDurableFunctions Functions,
    InvocationDispatcher Dispatcher,
    DurableTokens Tokens,
    PageTokens Pages,
    TimeProvider Time,
    ILogger Logger);
