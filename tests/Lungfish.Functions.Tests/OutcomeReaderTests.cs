using System.Text;
using Lungfish.Durable;
using Lungfish.Durable.Deciding;
using Lungfish.Functions.Durable;
using Lungfish.Functions.Invoking;

namespace Lungfish.Functions.Tests;

/// <summary>What a durable function answers, as durable.md 4 has it.</summary>
public sealed class OutcomeReaderTests
{
    private static readonly ErrorObject Error = new()
    {
        ErrorType = "T",
        ErrorMessage = "M",
        ErrorData = "D",
        StackTrace = ["l"],
    };

    public static TheoryData<string, InvocationOutcome> Answers => new()
    {
        { """{"Status":"SUCCEEDED","Result":"{\"a\":1}"}""", new ReturnedSuccess("""{"a":1}""") },
        { """{"Status":"SUCCEEDED","Result":""}""", new ReturnedSuccess("") },
        { """{"Status":"SUCCEEDED","Error":null}""", new ReturnedSuccess(null) },
        { """{"Status":"PENDING","Later":[{}]}""", new ReturnedPending() },
        { """{"Status":"FAILED"}""", new ReturnedFailure(null) },
        {
            """{"Error":{"ErrorType":"T","ErrorMessage":"M","ErrorData":"D","StackTrace":["l"]},"Status":"FAILED"}""",
            new ReturnedFailure(Error)
        },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void Read_AnswerOfADurableFunction_IsThatOutcome(string answer, InvocationOutcome expected) =>
        Assert.Equal(expected, Read(answer, isError: false));

    [Theory]
    [InlineData("null", "it is no object")]
    [InlineData("""{"statusCode":200}""", "it has no Status")]
    [InlineData("""{"Status":"DONE"}""", "its Status is DONE")]
    [InlineData("""{"Status":"SUCCEEDED","Error":{}}""", "it has an Error though its Status is SUCCEEDED")]
    [InlineData("""{"Status":"FAILED","Result":"1"}""", "it has a Result though its Status is FAILED")]
    [InlineData("""{"Status":"PENDING","Result":"1"}""", "it has a Result or an Error though its Status is PENDING")]
    [InlineData("""{"Status":"SUCCEEDED","Result":1}""", "Result must be a string")]
    [InlineData("""{"Status":"FAILED","Error":"no"}""", "Error must be an object")]
    [InlineData("<html>", "invalid start of a value")]
    public void Read_AnythingElse_IsNonsenseThatIsExplained(string answer, string why)
    {
        var error = Assert.IsType<ReturnedNonsense>(Read(answer, isError: false)).Error;

        Assert.Equal("Runtime.InvalidDurableOutput", error.ErrorType);
        Assert.Contains(why, error.ErrorMessage, StringComparison.Ordinal);
        Assert.EndsWith(answer, error.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"errorType":"E","errorMessage":"m","stackTrace":["a"]}""", "E", "m", "a")]
    [InlineData("""{"errorType":"E","errorMessage":"m","trace":["b"],"requestId":"r"}""", "E", "m", "b")]
    [InlineData("""{"errorMessage":null,"errorType":"E"}""", "E", null, null)]
    [InlineData("boom", "Unhandled", "boom", null)]
    [InlineData("""{"errorType":7}""", "Unhandled", """{"errorType":7}""", null)]
    public void Read_FunctionFailed_IsAFaultWithItsError(
        string answer, string? errorType, string? errorMessage, string? line)
    {
        var error = Assert.IsType<InvocationFaulted>(Read(answer, isError: true)).Error;

        Assert.Equal((errorType, errorMessage), (error.ErrorType, error.ErrorMessage));
        Assert.Equal(line, error.StackTrace.IsDefault ? null : error.StackTrace[0]);
    }

    private static InvocationOutcome Read(string answer, bool isError) =>
        OutcomeReader.Read(new FunctionOutcome(Encoding.UTF8.GetBytes(answer), isError));
}
