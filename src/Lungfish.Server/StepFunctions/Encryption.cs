using System.Text.Json;
using Lungfish.Engine;
using Lungfish.Server.Protocol;

namespace Lungfish.Server.StepFunctions;

/// <summary>The encryptionConfiguration of machines and activities. There are no customer managed keys yet.</summary>
internal static class Encryption
{
    private const string OwnedKey = "AWS_OWNED_KEY";

    private static readonly TextRule TypeRule = TextRule.OneOf("AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY");

    /// <returns>False if a key was asked for that this server does not have.</returns>
    public static bool ReadIsOwnedKey(RequestMembers members)
    {
        if (members.OptionalObject("encryptionConfiguration") is not { } encryption)
        {
            return true;
        }

        _ = encryption.OptionalText("kmsKeyId", TextRule.Length(1, 2048));
        _ = encryption.OptionalInteger("kmsDataKeyReusePeriodSeconds", 60, 900);
        return encryption.Text("type", TypeRule) is OwnedKey or "";
    }

    /// <exception cref="Lungfish.Engine.ApiException">InvalidEncryptionConfiguration.</exception>
    public static void Require(bool isOwnedKey)
    {
        if (!isOwnedKey)
        {
            throw StepFunctionsErrors.InvalidEncryptionConfiguration(
                "customer managed KMS keys are not supported by this server yet.");
        }
    }

    // Recorded since November 2024 in sfn_api_activities and sfn_api_variable_references.
    public static void WriteOwnedKey(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("encryptionConfiguration"u8);
        writer.WriteString("type"u8, OwnedKey);
        writer.WriteEndObject();
    }
}
