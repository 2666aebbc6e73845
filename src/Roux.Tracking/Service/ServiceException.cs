namespace Roux.Tracking.Service;

/// <summary>Why a request was refused; names and meaning as in MLflow's protocol.</summary>
internal enum ServiceError
{
    BadRequest,
    InvalidParameterValue,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
    PermissionDenied,
    NotImplemented,
    Unauthenticated,
    TooManyRequests,

    /// <summary>Somebody else changed it meanwhile.</summary>
    Conflict,
}

/// <summary>A request that the caller can put right. The message goes to the client as it is: it never holds a path, SQL or a secret.</summary>
internal sealed class ServiceException(ServiceError error, string message) : TrackingException(message)
{
    public ServiceError Error => error;

    public static ServiceException Invalid(string message) => new(ServiceError.InvalidParameterValue, message);

    public static ServiceException Missing(string parameter) =>
        Invalid($"Missing value for required parameter '{parameter}'. See the API docs for more information about request parameters.");

    public static ServiceException NotFound(string message) => new(ServiceError.ResourceDoesNotExist, message);

    public static ServiceException Exists(string message) => new(ServiceError.ResourceAlreadyExists, message);

    /// <summary>Runs what checks a client's text (a filter, a path, a name) and passes its complaint on.</summary>
    public static T Checked<T>(Func<T> check)
    {
        try
        {
            return check();
        }
        catch (TrackingException exception) when (exception is not ServiceException)
        {
            throw Invalid(exception.Message);
        }
    }
}
