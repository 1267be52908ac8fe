"""Adapts the translated template to the emulator. For tests only: AWS takes the template as it is.

Resource types that the emulator lacks are left out and listed in LEFT_OUT. It does not read routes and authorizers from the
API's OpenAPI body, where SAM puts them, so they become resources of their own: the same routes, scopes and integrations.
"""

import json

# Resource types that the emulator rejects, with what the test cannot show without them.
LEFT_OUT = {
    "AWS::Events::Archive": "the archive of events",
    "AWS::CodeDeploy::Application": "canary deployments",
    "AWS::CodeDeploy::DeploymentGroup": "canary deployments",
    "AWS::CloudWatch::Dashboard": "the dashboard, which names alarms that are left out",
    "AWS::Logs::QueryDefinition": "the saved queries of CloudWatch Logs Insights",
}
# Condition keys that the emulator does not set: with these conditions it would deny what AWS allows.
CONDITIONS = {"events:source", "ses:FromAddress"}
METRIC_MATH = "alarms with metric math"


def left_out(resource: dict) -> str | None:
    """What the test cannot show because the emulator does not accept this resource."""
    if resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]:
        return METRIC_MATH
    return LEFT_OUT.get(resource["Type"])


def adapt(template: dict, port: int, issuer: str | None, code: dict[str, dict], layer: dict) -> dict:
    """The template for the emulator at that port. `issuer` replaces the https issuer, which the emulator could not reach (without
    one, the stack creates its own). `code` and `layer` are the places of the programs and the layer in S3."""
    resources = {name: resource for name, resource in template["Resources"].items() if not left_out(resource)}
    for resource in resources.values():
        properties = resource.get("Properties", {})
        # On AWS, CodeDeploy moves the aliases.
        resource.pop("UpdatePolicy", None)
        if resource["Type"] == "AWS::Lambda::Function":
            # The trigger's code is in the template.
            if "Metadata" in resource:
                properties["Code"] = code[resource["Metadata"]["BuildProperties"]["Binary"]]
        if resource["Type"] == "AWS::IAM::Role":
            for policy in properties.get("Policies", []):
                for statement in policy["PolicyDocument"]["Statement"]:
                    if {key for test in statement.get("Condition", {}).values() for key in test} <= CONDITIONS:
                        statement.pop("Condition", None)
                    # The emulator does not check mail against an identity.
                    if statement["Action"] == "ses:SendEmail":
                        statement["Resource"] = "*"
        if resource["Type"] == "AWS::Lambda::LayerVersion":
            properties["Content"] = layer
        if resource["Type"] == "AWS::CloudFront::Distribution":
            for origin in properties["DistributionConfig"]["Origins"]:
                reach(origin, port)
    for name in [name for name, resource in resources.items() if resource["Type"] == "AWS::ApiGatewayV2::Api"]:
        resources |= routes(name, resources[name]["Properties"].pop("Body"), issuer)
        resources[name]["Properties"] |= {"Name": name, "ProtocolType": "HTTP"}
    secrets = {name for name, resource in resources.items() if resource["Type"] == "AWS::SecretsManager::Secret"}
    return template | {"Resources": with_arns(resources, secrets)}


def with_arns(part, secrets: set[str]):
    """Replaces `Ref` of a secret by its ARN, as on AWS. The emulator returns its name, which no policy would match."""
    if isinstance(part, dict):
        if part.get("Ref") in secrets:
            return {"Fn::GetAtt": [part["Ref"], "Arn"]}
        return {name: with_arns(value, secrets) for name, value in part.items()}
    return [with_arns(value, secrets) for value in part] if isinstance(part, list) else part


def reach(origin: dict, port: int) -> None:
    """Points an origin to the API in the emulator, which has no host names and no TLS."""
    origin["DomainName"] = "127.0.0.1"
    origin["OriginPath"] = {"Fn::Sub": "/_aws/execute-api/${Api}/$default"}
    origin["CustomOriginConfig"] = {"HTTPPort": port, "OriginProtocolPolicy": "http-only"}


def routes(api: str, body: dict, issuer: str | None) -> dict:
    """The resources that are equivalent to the API's OpenAPI body."""
    made = {}
    for name, scheme in body["components"]["securitySchemes"].items():
        authorizer = scheme["x-amazon-apigateway-authorizer"]
        made[f"{api}{name}"] = {
            "Type": "AWS::ApiGatewayV2::Authorizer",
            "Properties": {
                "ApiId": {"Ref": api},
                "Name": name,
                "AuthorizerType": authorizer["type"].upper(),
                "IdentitySource": [authorizer["identitySource"]],
                "JwtConfiguration": {
                    "Audience": authorizer["jwtConfiguration"]["audience"],
                    "Issuer": issuer or authorizer["jwtConfiguration"]["issuer"],
                },
            },
        }
    integrations: dict[str, str] = {}
    for path, methods in body["paths"].items():
        for method, operation in methods.items():
            integration = operation["x-amazon-apigateway-integration"]
            uri = json.dumps(integration["uri"], sort_keys=True)
            if uri not in integrations:
                integrations[uri] = f"{api}Integration{len(integrations)}"
                made[integrations[uri]] = {
                    "Type": "AWS::ApiGatewayV2::Integration",
                    "Properties": {
                        "ApiId": {"Ref": api},
                        "IntegrationType": integration["type"].upper(),
                        "IntegrationMethod": integration["httpMethod"],
                        "IntegrationUri": integration["uri"],
                        "PayloadFormatVersion": integration["payloadFormatVersion"],
                    },
                }
            route = {
                "ApiId": {"Ref": api},
                "RouteKey": f"{method.upper()} {path}",
                "Target": {"Fn::Sub": f"integrations/${{{integrations[uri]}}}"},
                "AuthorizationType": "NONE",
            }
            for name, scopes in operation["security"][0].items():
                if name != "NONE":
                    authorizer = made[f"{api}{name}"]["Properties"]["AuthorizerType"]
                    route |= {"AuthorizationType": authorizer, "AuthorizerId": {"Ref": f"{api}{name}"}}
                    if scopes:
                        route["AuthorizationScopes"] = scopes
            made[f"{api}Route{len(made)}"] = {"Type": "AWS::ApiGatewayV2::Route", "Properties": route}
    return made
