using System.Collections.Immutable;
using Lungfish.States.Model;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>Reads <c>Retry</c> and <c>Catch</c>.</summary>
internal static class ErrorHandlingParser
{
    private const string Everything = "States.ALL";

    /// <summary>Measured: a leap year.</summary>
    private const long DelaySecondsMax = 31_622_400;

    public static ImmutableArray<Retrier> ReadRetry(FieldReader state)
    {
        var retriers = ImmutableArray.CreateBuilder<Retrier>();
        foreach (var (fields, errors) in ReadElements(state, "Retry"))
        {
            StateFields.AllowOnly(
                fields, "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds",
                "JitterStrategy", "Comment");
            retriers.Add(ReadRetrier(fields, errors));
        }

        return retriers.ToImmutable();
    }

    public static ImmutableArray<Catcher> ReadCatch(FieldReader state)
    {
        var catchers = ImmutableArray.CreateBuilder<Catcher>();
        foreach (var (fields, errors) in ReadElements(state, "Catch"))
        {
            StateFields.CheckPart(
                fields,
                both: ["ErrorEquals", "Next", "Assign", "Comment"],
                jsonPath: ["ResultPath"],
                jsonata: ["Output"]);
            _ = fields.Require("Next");
            catchers.Add(new Catcher
            {
                ErrorEquals = errors,
                Next = fields.Text("Next") ?? "",
                Data = CommonFields.ReadDataFlow(fields, JsonataPlace.Catcher),
            });
        }

        return catchers.ToImmutable();
    }

    private static Retrier ReadRetrier(FieldReader fields, ImmutableArray<string> errors)
    {
        // Measured: 0 is accepted, against the documentation.
        var interval = fields.Integer("IntervalSeconds", 0, CommonFields.SecondsMax) ?? 1;
        var delay = fields.Integer("MaxDelaySeconds", 1, DelaySecondsMax);
        if (delay <= interval && fields["MaxDelaySeconds"] is { } field)
        {
            fields.Refuse(
                field, "MaxDelaySeconds must be greater than IntervalSeconds", $"Write more than {interval} seconds.");
        }

        return new Retrier
        {
            ErrorEquals = errors,
            Interval = TimeSpan.FromSeconds(interval),
            AttemptsMax = fields.Integer("MaxAttempts", 0, CommonFields.SecondsMax) ?? 3,
            BackoffRate = fields.Number("BackoffRate", 1.0) ?? 2.0,
            DelayMax = delay is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            FullJitter = fields.Word("JitterStrategy", "NONE", "FULL") == "FULL",
        };
    }

    /// <summary>The elements of either array, with their error names.</summary>
    private static IEnumerable<(FieldReader Fields, ImmutableArray<string> Errors)> ReadElements(
        FieldReader state, string name)
    {
        var elements = state.Items(name, canBeEmpty: true); // Recorded: empty arrays are legal and mean nothing.
        for (var i = 0; i < elements.Count; i++)
        {
            if (state.AsObject(elements[i]) is { } fields)
            {
                _ = fields.Require("ErrorEquals");
                yield return (fields, ReadErrors(fields, isLast: i == elements.Count - 1));
            }
        }
    }

    private static ImmutableArray<string> ReadErrors(FieldReader fields, bool isLast)
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        foreach (var item in fields.Items("ErrorEquals", canBeEmpty: false))
        {
            if (item.Text is { } error)
            {
                errors.Add(error);
                KnownErrors.WarnIfNeverMatched(fields, item, error);
            }
            else
            {
                fields.RefuseType(item, "String");
            }
        }

        if (errors.Contains(Everything) && (errors.Count > 1 || !isLast) && fields["ErrorEquals"] is { } field)
        {
            // Measured, one sentence for both.
            fields.Refuse(
                field, $"{Everything} must appear alone and at end of list",
                errors.Count > 1
                    ? $"Remove the other names: '{Everything}' matches them too."
                    : "Move this element to the end: nothing after it could ever match.");
        }

        return errors.ToImmutable();
    }
}
