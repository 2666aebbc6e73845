using System.Net;
using Amazon.Runtime;
using Amazon.S3;

namespace Roux.Tracking.Artifacts.S3;

/// <summary>What S3 and the way to it say, in words that name the fix.</summary>
internal static class S3Errors
{
    /// <summary>Whether this is an error of the S3 client or of the network below it.</summary>
    public static bool IsOurs(Exception exception) =>
        exception is AmazonClientException or AmazonServiceException or HttpRequestException or IOException or InvalidDataException or TimeoutException or WebException;

    public static bool IsMissing(AmazonS3Exception exception) => exception.StatusCode == HttpStatusCode.NotFound && exception.ErrorCode != "NoSuchBucket";

    public static bool IsNotImplemented(AmazonS3Exception exception) =>
        exception.StatusCode is HttpStatusCode.NotImplemented or HttpStatusCode.MethodNotAllowed || exception.ErrorCode == "NotImplemented";

    public static TrackingException Explain(S3Location place, Exception exception) => exception switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => new TrackingException($"{place}: there is no bucket '{place.Bucket}' at this endpoint; create it, or check name, endpoint and region", exception),
        AmazonS3Exception { ErrorCode: "NoSuchUpload" } => new TrackingException($"{place}: no such upload: it was completed, aborted or swept", exception),
        AmazonS3Exception { ErrorCode: "AccessDenied" or "AllAccessDisabled" } or AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden, ErrorCode: not ("InvalidAccessKeyId" or "SignatureDoesNotMatch") } =>
            new TrackingException($"{place}: access denied; the credentials need s3:ListBucket on the bucket and s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on its objects", exception),
        AmazonS3Exception { ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" } known =>
            new TrackingException($"{place}: the credentials are not accepted ({known.ErrorCode}); check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN or the profile", exception),
        AmazonS3Exception { ErrorCode: "PermanentRedirect" or "AuthorizationHeaderMalformed" } =>
            new TrackingException($"{place}: the bucket is in another region; name it with AWS_REGION or ?region=NAME", exception),
        AmazonS3Exception other => new TrackingException($"{place}: {other.ErrorCode ?? other.StatusCode.ToString()}: {other.Message}", exception),
        AmazonClientException client when client.Message.Contains("credentials", StringComparison.OrdinalIgnoreCase) =>
            new TrackingException($"{place}: no credentials found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the machine a role", exception),
        _ => new TrackingException($"{place}{(place.Endpoint is { } endpoint ? $" at {endpoint.GetLeftPart(UriPartial.Authority)}" : "")}: cannot be reached or broke off: {exception.GetBaseException().Message}", exception),
    };
}
