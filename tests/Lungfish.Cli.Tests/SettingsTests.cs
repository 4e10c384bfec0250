using Lungfish.Cli.CommandLine;
using Lungfish.Cli.Settings;
using Lungfish.Deployment;
using Lungfish.Integrations.Messaging;
using Lungfish.Integrations.S3;
using Lungfish.States.Quotas;

namespace Lungfish.Cli.Tests;

public sealed class SettingsTests
{
    [Fact]
    public void Read_Yaml_TakesEverySetting()
    {
        var settings = SettingsFile.Read("lungfish.yml", """
            data: kept
            urls: [http://127.0.0.1:9000, http://127.0.0.1:9001]
            account: 000000000042
            region: eu-west-1
            retentionDays: 30
            quotas: warn
            s3Endpoint: https://s3.example:9000/store
            sqsEndpoint: http://127.0.0.1:9324
            snsEndpoint: http://127.0.0.1:9911
            """);

        Assert.Equal(30, settings.RetentionDays);
        Assert.Equal(QuotaMode.Warn, settings.Quotas);
        Assert.Equal(
            new S3EndpointOptions { Endpoint = new("https://s3.example:9000/store"), Region = "eu-west-1" },
            settings.S3);
        Assert.Equal(
            new ServiceEndpointOptions { Endpoint = new("http://127.0.0.1:9324"), Region = "eu-west-1" },
            settings.At(settings.SqsEndpoint));
        Assert.Equal(new Uri("http://127.0.0.1:9911"), settings.SnsEndpoint);
        Assert.Equal(("kept", "000000000042", "eu-west-1"), (settings.Data, settings.Account, settings.Region));
        Assert.Equal(["http://127.0.0.1:9000", "http://127.0.0.1:9001"], settings.Urls);
    }

    [Fact]
    public void Read_Json_IsYamlToo()
    {
        Assert.Equal(["http://127.0.0.1:9"], SettingsFile.Read("a.json", "{\"urls\": \"http://127.0.0.1:9\"}").Urls);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("strict", QuotaMode.Strict)]
    [InlineData("warn", QuotaMode.Warn)]
    [InlineData("relaxed", QuotaMode.Relaxed)]
    public void CheckQuotas_Mode_IsKnown(string? mode, QuotaMode? expected) =>
        Assert.Equal(expected, ServerSettings.CheckQuotas(mode));

    [Fact]
    public void CheckQuotas_NoMode_SaysWhatIsOne() =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<CommandException>(() => ServerSettings.CheckQuotas("off")).ExitCode);

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("a month")]
    public void CheckRetention_NoNumberOfDays_SaysWhatIsOne(string days)
    {
        var e = Assert.Throws<CommandException>(() => ServerSettings.CheckRetention(days));

        Assert.Contains("0.0001 to 36500 days", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("0.5", 0.5)]
    public void CheckRetention_DaysOrAPartOfOne_IsTaken(string text, double days) =>
        Assert.Equal(days, ServerSettings.CheckRetention(text));

    [Theory]
    [InlineData("127.0.0.1:9000")]
    [InlineData("s3://bucket")]
    [InlineData("http://user:secret@127.0.0.1:9000")]
    [InlineData("/data")]
    public void CheckEndpoint_NoAddress_SaysWhatIsOne(string endpoint)
    {
        var e = Assert.Throws<CommandException>(() => ServerSettings.CheckEndpoint("S3", endpoint));

        Assert.Contains("http or https", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("retentionDays: many", "16: retentionDays: \"many\" is no retention: executions are kept for")]
    [InlineData("account: abc", "10: account: \"abc\" is no account: an account has 12 digits. Change the value.")]
    [InlineData("region: ''", "9: region: this is empty. Write a value.")]
    [InlineData("urls: [x, {y: 1}]", "11: urls: this is a map, and must be text. Change the value.")]
    public void Read_ValueIsNone_SaysWhere(string text, string expected)
    {
        var e = Assert.Throws<DeploymentException>(() => SettingsFile.Read("lungfish.yml", text));

        Assert.StartsWith($"lungfish.yml:1:{expected}", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnknownSetting_SuggestsTheNearest()
    {
        var e = Assert.Throws<DeploymentException>(() => SettingsFile.Read("lungfish.yml", "regoin: eu-west-1"));

        Assert.Equal("lungfish.yml:1:1: regoin: there is no such setting. Did you mean region?", e.Message);
    }
}
