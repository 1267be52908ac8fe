//! Reads template.yaml: routes, scopes, environments, the table, and event sources.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;

/// The template with all intrinsic functions resolved.
#[derive(Clone, Debug)]
pub struct Template {
    resources: Map<String, Value>,
}

/// A function of the template.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its logical id.
    pub id: String,
    /// The crate that it runs.
    pub binary: String,
    /// Its environment.
    pub env: BTreeMap<String, String>,
    /// The HTTP routes that lead to it.
    pub routes: Vec<Route>,
    /// The streams that it consumes.
    pub streams: Vec<StreamMapping>,
    /// The interval of each of its schedules, in seconds.
    pub schedules: Vec<i64>,
    /// The queues that it consumes.
    pub queues: Vec<QueueMapping>,
    /// The permissions of its role.
    pub statements: Vec<Statement>,
}

/// An `Allow` statement of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Actions, such as `dynamodb:GetItem`.
    pub actions: Vec<String>,
    /// Resources: logical ids, or ARNs.
    pub resources: Vec<String>,
    /// Condition keys and the required values.
    pub equals: Vec<(String, String)>,
    /// Condition keys and the required patterns, in which `*` matches any text.
    pub like: Vec<(String, String)>,
}

/// An HTTP route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: String,
    /// The path, with `{parameters}`.
    pub path: String,
    /// The callers that may use it.
    pub access: Access,
}

/// The callers that may use a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Every caller.
    Public,
    /// A valid access token with one of these scopes; any valid one, if there are none.
    Token(Vec<String>),
}

/// An event source mapping of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamMapping {
    /// The maximum number of records of a batch.
    pub batch_size: usize,
    /// The maximum number of retries of a batch; unlimited if absent.
    pub retries: Option<u32>,
    /// The maximum age of a record, in seconds.
    pub age_seconds: u64,
    /// Filters, of which a record must match one.
    pub filters: Vec<Value>,
}

/// An event source mapping of a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueMapping {
    /// The queue's logical id.
    pub queue: String,
    /// Patterns, of which an event of the default bus must match one to be put on the queue.
    pub rules: Vec<Value>,
    /// How many times a message is received before it is moved.
    pub receives: u32,
    /// The logical id of the queue that it is moved to.
    pub dead_letters: String,
}

impl Template {
    /// Parses a template with these values for its parameters; others have their defaults.
    ///
    /// # Errors
    /// The part of the template that this parser does not support.
    pub fn parse(text: &str, parameters: &[(&str, String)]) -> Result<Self, String> {
        let yaml: Yaml = serde_yaml_ng::from_str(text).map_err(|error| format!("template.yaml: {error}"))?;
        let mut scope = Scope::default();
        for (name, parameter) in entries(&yaml["Parameters"]) {
            let default = scope.resolve(&parameter["Default"])?;
            scope.values.insert(name, default);
        }
        for (name, value) in parameters {
            if !scope.values.contains_key(*name) {
                return Err(format!("template.yaml has no parameter {name}"));
            }
            scope.values.insert((*name).to_owned(), value.clone().into());
        }
        for (name, value) in [("AWS::StackName", "bindery"), ("AWS::Region", "local"), ("AWS::Partition", "aws")] {
            scope.values.insert(name.to_owned(), value.into());
        }
        scope.values.insert("AWS::AccountId".into(), "000000000000".into());
        scope.values.insert("AWS::StackId".into(), "arn:aws:cloudformation:local:000000000000:stack/bindery/0".into());
        scope.values.insert("AWS::URLSuffix".into(), "localhost".into());
        scope.conditions = entries(&yaml["Conditions"]).collect();
        let mut resources = Map::new();
        for (name, resource) in entries(&yaml["Resources"]) {
            resources.insert(name, scope.resolve(&resource)?);
        }
        Ok(Self { resources })
    }

    fn of_type<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.resources.iter().filter(move |(_, resource)| resource["Type"] == kind)
    }

    /// The logical ids of the secrets.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        self.of_type("AWS::SecretsManager::Secret").map(|(id, _)| id.clone()).collect()
    }

    /// The logical ids of the queues.
    #[must_use]
    pub fn queues(&self) -> Vec<String> {
        self.of_type("AWS::SQS::Queue").map(|(id, _)| id.clone()).collect()
    }

    /// The request that creates the table, and the name of its TTL attribute.
    ///
    /// # Errors
    /// When there is not exactly one table.
    pub fn table(&self) -> Result<(Value, String), String> {
        let tables: Vec<_> = self.of_type("AWS::DynamoDB::Table").collect();
        let [(id, table)] = tables.as_slice() else { return Err("template.yaml: one table is expected".into()) };
        let properties = &table["Properties"];
        let mut request = json!({"TableName": id});
        for name in ["AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode"] {
            request[name] = properties[name].clone();
        }
        request["StreamSpecification"] = json!({
            "StreamEnabled": true,
            "StreamViewType": properties["StreamSpecification"]["StreamViewType"],
        });
        let ttl = text(&properties["TimeToLiveSpecification"]["AttributeName"]);
        Ok((request, ttl))
    }

    /// The functions.
    ///
    /// # Errors
    /// The part of a function that this parser does not support.
    pub fn functions(&self) -> Result<Vec<Function>, String> {
        self.of_type("AWS::Serverless::Function").map(|(id, function)| read_function(self, id, function)).collect()
    }

    /// How long the distribution caches errors, in seconds by status. Statuses that are not listed have CloudFront's
    /// default.
    #[must_use]
    pub fn error_ttls(&self) -> BTreeMap<u16, u64> {
        let answers = self.of_type("AWS::CloudFront::Distribution").flat_map(|(_, distribution)| {
            distribution["Properties"]["DistributionConfig"]["CustomErrorResponses"].as_array().into_iter().flatten()
        });
        let read = |answer: &Value| {
            let status = u16::try_from(answer["ErrorCode"].as_u64()?).ok()?;
            Some((status, answer["ErrorCachingMinTTL"].as_u64()?))
        };
        answers.filter_map(read).collect()
    }

    /// The mapping of a queue: the rules that put events on it, and the queue for unprocessed messages.
    fn queue(&self, queue: &str) -> QueueMapping {
        let leads_here = |rule: &&Value| {
            rule["Properties"]["Targets"].as_array().into_iter().flatten().any(|target| target["Arn"] == queue)
        };
        let rules = self.of_type("AWS::Events::Rule").map(|(_, rule)| rule).filter(leads_here);
        let redrive = &self.resources[queue]["Properties"]["RedrivePolicy"];
        QueueMapping {
            queue: queue.to_owned(),
            rules: rules.map(|rule| rule["Properties"]["EventPattern"].clone()).collect(),
            receives: redrive["maxReceiveCount"].as_u64().and_then(|count| count.try_into().ok()).unwrap_or(u32::MAX),
            dead_letters: text(&redrive["deadLetterTargetArn"]),
        }
    }
}

fn read_function(template: &Template, id: &str, function: &Value) -> Result<Function, String> {
    let properties = &function["Properties"];
    let mut routes = Vec::new();
    let (mut streams, mut schedules, mut queues) = (Vec::new(), Vec::new(), Vec::new());
    let events = properties["Events"].as_object().cloned().unwrap_or_default();
    for (name, event) in &events {
        let wiring = &event["Properties"];
        match event["Type"].as_str() {
            Some("HttpApi") => routes.push(Route {
                method: text(&wiring["Method"]).to_uppercase(),
                path: text(&wiring["Path"]),
                access: if wiring["Auth"]["Authorizer"] == "NONE" {
                    Access::Public
                } else {
                    Access::Token(texts(&wiring["Auth"]["AuthorizationScopes"]))
                },
            }),
            Some("DynamoDB") => streams.push(StreamMapping {
                batch_size: number(&wiring["BatchSize"]).unwrap_or(100),
                retries: wiring["MaximumRetryAttempts"].as_u64().and_then(|tries| tries.try_into().ok()),
                age_seconds: wiring["MaximumRecordAgeInSeconds"].as_u64().unwrap_or(24 * 60 * 60),
                filters: patterns(&wiring["FilterCriteria"]["Filters"])?,
            }),
            Some("Schedule") => schedules.push(rate(&text(&wiring["Schedule"]))?),
            Some("SQS") => queues.push(template.queue(&text(&wiring["Queue"]))),
            other => return Err(format!("template.yaml: {id}.{name} has an event of type {other:?}")),
        }
    }
    let env = properties["Environment"]["Variables"].as_object().cloned().unwrap_or_default();
    Ok(Function {
        id: id.to_owned(),
        binary: text(&function["Metadata"]["BuildProperties"]["Binary"]),
        env: env.iter().map(|(name, value)| (name.clone(), text(value))).collect(),
        routes,
        streams,
        schedules,
        queues,
        statements: statements(id, &template.resources[&text(&properties["Role"])]["Properties"]["Policies"])?,
    })
}

/// The statements of a role's policy `calls`. The permissions that Lambda itself uses, such as for reading the stream,
/// are in another policy.
fn statements(id: &str, policies: &Value) -> Result<Vec<Statement>, String> {
    let policies = policies.as_array().into_iter().flatten().filter(|policy| policy["PolicyName"] == "calls");
    let all = policies.flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().cloned().unwrap_or_default());
    let read = |statement: Value| {
        let conditions = statement["Condition"].as_object().cloned().unwrap_or_default();
        let known = |operator: &String| ["StringEquals", "ForAllValues:StringLike"].contains(&operator.as_str());
        if statement["Effect"] != "Allow" || !conditions.keys().all(known) {
            return Err(format!("template.yaml: {id} has a statement that is not understood here: {statement}"));
        }
        let of = |operator: &str| {
            let pairs = conditions.get(operator).and_then(Value::as_object).into_iter().flatten();
            pairs.map(|(key, value)| (key.clone(), one_or_more(value).concat())).collect()
        };
        Ok(Statement {
            actions: one_or_more(&statement["Action"]),
            resources: one_or_more(&statement["Resource"]),
            equals: of("StringEquals"),
            like: of("ForAllValues:StringLike"),
        })
    };
    all.map(read).collect()
}

fn one_or_more(value: &Value) -> Vec<String> {
    if value.is_array() { texts(value) } else { vec![text(value)] }
}

/// The seconds of a schedule such as `rate(5 minutes)`.
fn rate(schedule: &str) -> Result<i64, String> {
    let unknown = || format!("template.yaml: the schedule {schedule} is not understood here");
    let inner = schedule.strip_prefix("rate(").and_then(|rest| rest.strip_suffix(')')).ok_or_else(unknown)?;
    let (number, unit) = inner.split_once(' ').ok_or_else(unknown)?;
    let seconds = match unit.trim_end_matches('s') {
        "minute" => 60,
        "hour" => 3600,
        "day" => 86400,
        _ => return Err(unknown()),
    };
    Ok(number.parse::<i64>().map_err(|_| unknown())? * seconds)
}

fn patterns(filters: &Value) -> Result<Vec<Value>, String> {
    let filters = filters.as_array().cloned().unwrap_or_default();
    let read =
        |filter: &Value| serde_json::from_str(&text(&filter["Pattern"])).map_err(|e| format!("template.yaml: {e}"));
    filters.iter().map(read).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().map(|list| list.iter().map(text).collect()).unwrap_or_default()
}

fn number(value: &Value) -> Option<usize> {
    usize::try_from(value.as_u64()?).ok()
}

fn entries(yaml: &Yaml) -> impl Iterator<Item = (String, Yaml)> {
    let mapping = yaml.as_mapping().cloned().unwrap_or_default();
    mapping.into_iter().filter_map(|(name, value)| Some((name.as_str()?.to_owned(), value)))
}

/// The values of the names in the template.
#[derive(Default)]
struct Scope {
    values: HashMap<String, Value>,
    conditions: HashMap<String, Yaml>,
}

impl Scope {
    fn resolve(&self, yaml: &Yaml) -> Result<Value, String> {
        Ok(match yaml {
            Yaml::Tagged(tagged) => return self.intrinsic(&tagged.tag.to_string(), &tagged.value),
            Yaml::Mapping(_) => {
                let mut object = Map::new();
                for (name, value) in entries(yaml) {
                    object.insert(name, self.resolve(&value)?);
                }
                Value::Object(object)
            }
            Yaml::Sequence(list) => list.iter().map(|value| self.resolve(value)).collect::<Result<_, _>>()?,
            other => serde_json::to_value(other).map_err(|error| error.to_string())?,
        })
    }

    fn intrinsic(&self, tag: &str, value: &Yaml) -> Result<Value, String> {
        let name = || value.as_str().ok_or_else(|| format!("template.yaml: {tag} without a text"));
        match tag {
            "!Ref" => Ok(self.reference(name()?)),
            // Locally a resource is identified by its logical id.
            "!GetAtt" => Ok(name()?.split('.').next().unwrap_or_default().into()),
            "!Sub" => Ok(match value.as_sequence().map(Vec::as_slice) {
                // With additional names.
                Some([text, own]) => {
                    let own = entries(own).map(|(name, value)| Ok((name, self.resolve(&value)?)));
                    let values = self.values.clone().into_iter().map(Ok).chain(own);
                    let scope = Self { values: values.collect::<Result<_, String>>()?, ..Self::default() };
                    scope.substitute(text.as_str().unwrap_or_default())
                }
                _ => self.substitute(name()?),
            }
            .into()),
            "!Join" | "!Split" | "!Select" => {
                let parts = value.as_sequence().map(|parts| parts.iter().map(|part| self.resolve(part)));
                let parts = parts.map(Iterator::collect::<Result<Vec<_>, _>>).transpose()?.unwrap_or_default();
                let [first, second] = parts.as_slice() else { return Err(format!("template.yaml: {tag} of what?")) };
                Ok(match tag {
                    "!Join" => texts(second).join(&text(first)).into(),
                    "!Split" => text(second).split(&text(first)).collect(),
                    _ => number(first).map_or(Value::Null, |index| second[index].clone()),
                })
            }
            "!If" => match value.as_sequence().map(Vec::as_slice) {
                Some([condition, yes, no]) => {
                    let holds = self.condition(condition.as_str().unwrap_or_default())?;
                    self.resolve(if holds { yes } else { no })
                }
                _ => Err("template.yaml: !If without three values".into()),
            },
            "!Equals" | "!Not" | "!And" | "!Or" => self.holds(tag, value).map(Value::Bool),
            other => Err(format!("template.yaml: the intrinsic {other} is not understood here")),
        }
    }

    fn reference(&self, name: &str) -> Value {
        match name {
            "AWS::NoValue" => Value::Null,
            name => self.values.get(name).cloned().unwrap_or_else(|| name.into()),
        }
    }

    fn substitute(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, tail)) = rest.split_once("${") {
            let (name, after) = tail.split_once('}').unwrap_or((tail, ""));
            filled.push_str(before);
            filled.push_str(&self::text(&self.reference(name.split('.').next().unwrap_or(name))));
            rest = after;
        }
        filled + rest
    }

    fn condition(&self, name: &str) -> Result<bool, String> {
        match self.conditions.get(name) {
            Some(Yaml::Tagged(tagged)) => self.holds(&tagged.tag.to_string(), &tagged.value),
            _ => Err(format!("template.yaml: no condition {name}")),
        }
    }

    fn holds(&self, tag: &str, value: &Yaml) -> Result<bool, String> {
        let list = value.as_sequence().map(Vec::as_slice).unwrap_or_default();
        let values = list.iter().map(|value| self.resolve(value)).collect::<Result<Vec<_>, _>>()?;
        Ok(match tag {
            "!Equals" => values.first() == values.get(1),
            "!Not" => values.first() != Some(&Value::Bool(true)),
            "!And" => values.iter().all(|value| *value == Value::Bool(true)),
            _ => values.contains(&Value::Bool(true)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
Parameters:
  Name: {Type: String}
  Extra: {Type: String, Default: ""}
Conditions:
  HasExtra: !Not [!Equals [!Ref Extra, ""]]
Resources:
  Thing:
    Type: AWS::SecretsManager::Secret
    Properties:
      Plain: !Ref Name
      Both: !Sub "${Name}-${Thing.Arn}"
      Choice: !If [HasExtra, !Ref Extra, !Ref AWS::NoValue]
      Own: !Sub ["${Name} ${Mine}", {Mine: !Ref Name}]
      Id: !Join ["-", [a, !Select [2, !Split ["/", !Ref AWS::StackId]]]]
"#;

    #[test]
    fn intrinsics_are_resolved() {
        let template = Template::parse(TEXT, &[("Name", "n".into())]).unwrap();
        let properties = &template.resources["Thing"]["Properties"];
        assert_eq!(
            *properties,
            json!({
                "Plain": "n", "Both": "n-Thing", "Choice": null, "Own": "n n", "Id": "a-0",
            })
        );
        assert_eq!(template.secrets(), ["Thing"]);
        assert!(Template::parse("Resources: {A: !Cidr x}", &[]).is_err());
    }
}
