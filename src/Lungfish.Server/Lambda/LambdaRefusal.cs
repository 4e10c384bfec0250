using Lungfish.Engine;
using Lungfish.Engine.Identifiers;
using Lungfish.Json;
using Microsoft.AspNetCore.Http;

namespace Lungfish.Server.Lambda;

/// <summary>How the Lambda API refuses: the code in a header, the message in the body.</summary>
internal static class LambdaRefusal
{
    /// <summary>Sets the headers.</summary>
    /// <returns>The body.</returns>
    public static ReadOnlyMemory<byte> Prepare(HttpResponse response, ApiException refusal)
    {
        response.Headers["x-amzn-RequestId"] = Uuids.New().ToString();
        response.Headers["x-amzn-ErrorType"] = refusal.Code;
        response.ContentType = "application/json";
        var body = new JsonObject.Builder();
        body.Set("Type", refusal.HttpStatus < 500 ? "User" : "Service");
        body.Set(MessageMember(refusal.Code), refusal.Message);
        foreach (var (name, value) in refusal.Members)
        {
            body.Set(name, value);
        }

        return body.Build().ToUtf8();
    }

    /// <summary>The model's shapes spell the member either way.</summary>
    private static string MessageMember(string code) => code switch
    {
        "ResourceNotFoundException" or "ServiceException" or "InvalidRuntimeException" or "CallbackTimeoutException"
            or "DurableExecutionAlreadyStartedException" => "Message",
        _ => "message",
    };
}
