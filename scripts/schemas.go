// Makes JSON schemas for kubeconform out of Kubernetes' own OpenAPI document and of CustomResourceDefinitions.
//
//	go run schemas.go OUT swagger.json CRD.yaml…
//
// One file for each kind, GROUP-VERSION-KIND.json in lower case (kubeconform takes the version for the group of the core), with all
// that it refers to. Fields that are not in the document are refused. scripts/kubeconform runs this where the YAML library is.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

type object = map[string]any

const (
	local       = "#/definitions/"
	intOrString = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
	quantity    = "io.k8s.apimachinery.pkg.api.resource.Quantity"
)

func main() {
	if len(os.Args) < 3 {
		fail(fmt.Errorf("usage: schemas.go OUT swagger.json CRD.yaml…"))
	}
	kinds := builtIn(os.Args[1], os.Args[2])
	for _, file := range os.Args[3:] {
		kinds += custom(os.Args[1], file)
	}
	fmt.Printf("%d kinds\n", kinds)
}

func builtIn(out, file string) int {
	definitions := read(file)["definitions"].(object)
	for _, definition := range definitions {
		strict(definition)
	}
	// A number where a string is meant is taken by the API server for these two, and for no others.
	definitions[intOrString] = object{"type": []string{"string", "integer"}}
	definitions[quantity] = object{"type": []string{"string", "number"}}
	kinds := 0
	for name, definition := range definitions {
		of, ours := definition.(object)["x-kubernetes-group-version-kind"].([]any)
		properties, typed := definition.(object)["properties"].(object)
		// What stands for several kinds, as options of a deletion do, is in no manifest.
		if !ours || !typed || len(of) != 1 {
			continue
		}
		which := of[0].(object)
		group, version, kind := which["group"].(string), which["version"].(string), which["kind"].(string)
		properties["kind"] = object{"const": kind}
		needed := object{}
		reach(name, definitions, needed)
		write(out, group, version, kind, object{"$ref": local + name, "definitions": needed})
		kinds++
	}
	return kinds
}

func custom(out, file string) int {
	spec := read(file)["spec"].(object)
	kinds := 0
	for _, each := range spec["versions"].([]any) {
		version := each.(object)
		schema := version["schema"].(object)["openAPIV3Schema"].(object)
		strict(schema)
		write(out, spec["group"].(string), version["name"].(string), spec["names"].(object)["kind"].(string), schema)
		kinds++
	}
	return kinds
}

// strict refuses fields that a schema with fields does not name, as "kubectl --validate=strict" does, and lets null be what may be null.
func strict(schema any) {
	switch value := schema.(type) {
	case []any:
		for _, each := range value {
			strict(each)
		}
	case object:
		for _, each := range value {
			strict(each)
		}
		_, named := value["properties"].(object)
		_, more := value["additionalProperties"]
		if named && value["type"] == "object" && !more && value["x-kubernetes-preserve-unknown-fields"] != true {
			value["additionalProperties"] = false
		}
		if kind, one := value["type"].(string); one && value["nullable"] == true {
			value["type"] = []string{kind, "null"}
		}
	}
}

// reach gathers the definition, and whatever it refers to.
func reach(name string, definitions, needed object) {
	if _, there := needed[name]; there {
		return
	}
	definition, known := definitions[name]
	if !known {
		fail(fmt.Errorf("nothing defines %s", name))
	}
	needed[name] = definition
	references(definition, func(other string) { reach(other, definitions, needed) })
}

func references(schema any, found func(string)) {
	switch value := schema.(type) {
	case []any:
		for _, each := range value {
			references(each, found)
		}
	case object:
		for key, each := range value {
			if name, text := each.(string); text && key == "$ref" {
				found(strings.TrimPrefix(name, local))
			} else {
				references(each, found)
			}
		}
	}
}

func read(file string) object {
	bytes, err := os.ReadFile(file)
	fail(err)
	document := object{}
	fail(yaml.Unmarshal(bytes, &document))
	return document
}

func write(out, group, version, kind string, schema object) {
	if group == "" {
		group = version
	}
	bytes, err := json.Marshal(schema)
	fail(err)
	name := strings.ToLower(kind)
	fail(os.WriteFile(filepath.Join(out, group+"-"+version+"-"+name+".json"), bytes, 0o644))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
