using Lungfish.States.Model;
using Lungfish.States.Validation;

namespace Lungfish.States.Parsing;

/// <summary>Reads a Pass state.</summary>
internal static class PassParser
{
    public static PassState Read(string name, FieldReader state, DiagnosticBag diagnostics)
    {
        if (state["Result"] is { } result)
        {
            LiteralPaths.WarnInResult(result, diagnostics);
        }

        return new PassState
        {
            Name = name,
            Data = CommonFields.ReadDataFlow(state, JsonataPlace.BeforeWork),
            Result = state["Result"]?.ToJson(),
            Next = CommonFields.ReadNext(state),
        };
    }
}
