using System.Buffers;

namespace Lungfish.Functions.Invoking;

/// <summary>How a function may be invoked.</summary>
internal static class InvokeRules
{
    private const int NameLengthMax = 64;

    // Documented: APPS.md C5 and the guide; a client does not wait any longer than that.
    private const int SynchronousSecondsMax = 900;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static bool IsExecutionName(string name) =>
        name.Length is > 0 and <= NameLengthMax && !name.AsSpan().ContainsAnyExcept(NameCharacters);

    /// <exception cref="Lungfish.Engine.ApiException">InvalidParameterValueException</exception>
    public static void CheckDurable(FunctionConfiguration target, FunctionReference function, InvokeOptions options)
    {
        if (options.DurableExecutionName is { } name && !IsExecutionName(name))
        {
            throw LambdaErrors.InvalidParameter(
                $"1 validation error detected: Value '{name}' at 'durableExecutionName' failed to satisfy constraint: "
                + (name.Length > NameLengthMax
                    ? $"Member must have length less than or equal to {NameLengthMax}"
                    : "Member must satisfy regular expression pattern: [a-zA-Z0-9-_]+"));
        }

        if (target.Durable is not { } durable)
        {
            if (options.DurableExecutionName is not null)
            {
                throw LambdaErrors.InvalidParameter(
                    "DurableExecutionName can only be given to a durable function, and "
                    + $"{target.Name} has no DurableConfig.");
            }

            return;
        }

        if (function.Qualifier is null)
        {
            throw LambdaErrors.UnqualifiedDurableFunction();
        }

        if (options.Type == InvocationType.RequestResponse && durable.ExecutionTimeoutSeconds > SynchronousSecondsMax)
        {
            throw LambdaErrors.InvalidParameter(
                "You cannot synchronously invoke a durable function with an executionTimeout greater than 15 minutes.");
        }
    }

    /// <exception cref="Lungfish.Engine.ApiException">InvalidParameterValueException</exception>
    public static void CheckTenant(FunctionConfiguration target, string? tenantId)
    {
        // Documented: developer guide, "Tenant isolation", both texts.
        if (target.IsolatesTenants && tenantId is null)
        {
            throw LambdaErrors.InvalidParameter("Add a valid tenant ID in your request and try again.");
        }

        if (!target.IsolatesTenants && tenantId is not null)
        {
            throw LambdaErrors.InvalidParameter(
                "The invoked function is not enabled with tenancy configuration. Remove the tenant ID from your "
                + "request and try again.");
        }
    }
}
