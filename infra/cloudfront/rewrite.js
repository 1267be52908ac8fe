// Runs at CloudFront on every viewer request: `…/{id}:verb` becomes `…/{id}/verb`, because an HTTP API
// cannot route a suffix. Only the last path segment counts, and only when it holds exactly one colon (or its
// %3A, as some SDKs write it) with nothing but letters behind it. Query string, headers and all other paths
// stay as they came.
function handler(event) {
  var request = event.request;
  var start = request.uri.lastIndexOf("/") + 1;
  var segment = request.uri.slice(start).replace(/%3A/gi, ":");
  if (/^[^:]+:[A-Za-z]+$/.test(segment)) {
    request.uri = request.uri.slice(0, start) + segment.replace(":", "/");
  }
  return request;
}
