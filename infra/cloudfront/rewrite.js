// Runs at CloudFront on every viewer request: `…/{id}:verb` becomes `…/{id}/verb`, because an HTTP API
// cannot route a suffix. Only the last path segment counts, and only when it holds exactly one colon (or its
// %3A, as some SDKs write it) with nothing but letters behind it. A query may follow whose ? was encoded, as
// mail systems do to links: it becomes a query again. All else stays as it came.
function handler(event) {
  var request = event.request;
  var start = request.uri.lastIndexOf("/") + 1;
  var parts = /^(.*?)(?:%3F(.*))?$/i.exec(request.uri.slice(start)) || ["", ""];
  var segment = parts[1].replace(/%3A/gi, ":");
  if (/^[^:]+:[A-Za-z]+$/.test(segment)) {
    request.uri = request.uri.slice(0, start) + segment.replace(":", "/");
    (parts[2] || "").split("&").filter(Boolean).forEach((pair) => {
      var halves = /^(.*?)(?:=|%3D)(.*)$/i.exec(pair) || [pair, pair, ""];
      request.querystring[halves[1]] = { value: halves[2] };
    });
  }
  return request;
}
