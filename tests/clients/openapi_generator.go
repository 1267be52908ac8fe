// Drives the client that OpenAPI Generator makes for Go: openapi_generator URL TOKEN.
package main

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"

	"bindery"
)

func main() {
	url, token := os.Args[1], os.Args[2]
	configuration := bindery.NewConfiguration()
	configuration.Servers = bindery.ServerConfigurations{{URL: url}}
	client := bindery.NewAPIClient(configuration)
	ctx := context.WithValue(context.Background(), bindery.ContextAccessToken, token)

	traits := bindery.NewTraitsSettings("ada-go")
	traits.SetPrimaryEmailAddress("ada@example.com")
	person := bindery.NewIdentitySettings(*traits)
	person.SetDisplayName("Ada")
	ada, _, err := client.IdentitiesAPI.CreateIdentity(ctx, "demo", "demo").
		PutIdentity(*bindery.NewPutIdentity(*person)).Execute()
	must(err)
	check(ada.Traits.Username == "ada-go", ada)

	settings := bindery.NewJobSettings(bindery.DELIVERYMETHOD_RETURN)
	settings.SetAuthenticatorConfigId("hosted")
	created, _, err := client.JobsAPI.CreateJob(ctx, "demo", "demo", ada.Id).
		IdempotencyKey("generated").CreateJob(*bindery.NewCreateJob(*settings)).Execute()
	must(err)
	job := created.CredentialBindingJob
	check(strings.HasPrefix(created.GetCredentialBindingLink(), url+"/bind#"), created)
	read, _, err := client.JobsAPI.GetJob(ctx, "demo", "demo", ada.Id, job.Id).Execute()
	must(err)
	check(reflect.DeepEqual(*read, job), read)
	listed, _, err := client.JobsAPI.ListJobs(ctx, "demo", "demo", ada.Id).
		PageSize(1).Filter(`state eq "LINK_SENT"`).Execute()
	must(err)
	check(len(listed.CredentialBindingJobs) == 1 && reflect.DeepEqual(listed.CredentialBindingJobs[0], job), listed)
	revoked, _, err := client.JobsAPI.RevokeJob(ctx, "demo", "demo", ada.Id, job.Id).Execute()
	must(err)
	check(revoked.State == bindery.JOBSTATE_REVOKED, revoked)

	// No configs: their "trust" can be a string, which the validator.v2 of Debian (2016) cannot validate in a union.
	_, _, err = client.JobsAPI.CreateJob(ctx, "demo", "demo", "nobody").
		CreateJob(*bindery.NewCreateJob(*settings)).Execute()
	refused, _ := err.(*bindery.GenericOpenAPIError)
	check(refused != nil, err)
	problem, _ := refused.Model().(bindery.Problem)
	check(problem.Status == 404 && problem.Details[0].ResourceInfoProblemDetail.Id == "nobody", problem)
	_, err = client.IdentitiesAPI.EraseIdentity(ctx, "demo", "demo", ada.Id).Execute()
	must(err)
	fmt.Println("OpenAPI Generator, Go: create, get, list, revoke")
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func check(holds bool, got any) {
	if !holds {
		panic(fmt.Sprintf("unexpected: %+v", got))
	}
}
