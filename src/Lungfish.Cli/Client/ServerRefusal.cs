namespace Lungfish.Cli.Client;

/// <summary>The server understood and said no. The code is AWS's name for the reason.</summary>
internal sealed class ServerRefusal(string code, string message, int status) : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    public bool IsNotFound => Status == 404 || Code.EndsWith("DoesNotExist", StringComparison.Ordinal)
        || Code is "ResourceNotFound" or "ResourceNotFoundException";

    public string Sentence =>
        Message.Length == 0 ? $"The server refused: {Code}." : $"{Message.TrimEnd('.')} ({Code}).";
}
