// Cognito calls this before it gives an access token (pre token generation, version 3). The token gets the tenant that
// its client acts for, and scopes as Bindery knows them, without the resource server's name in front.
exports.handler = async (event) => {
  const ours = (event.request.scopes || []).filter((scope) => scope.startsWith("bindery/"));
  event.response = {
    claimsAndScopeOverrideDetails: {
      accessTokenGeneration: {
        claimsToAddOrOverride: { [process.env.TENANT_CLAIM]: process.env.TENANT_ID },
        scopesToAdd: ours.map((scope) => scope.slice("bindery/".length)),
        scopesToSuppress: ours,
      },
    },
  };
  return event;
};
