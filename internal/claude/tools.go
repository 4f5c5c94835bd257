package claude

import (
	"github.com/anthropics/anthropic-sdk-go"
)

// The tools.
const (
	toolPointOut = "point_out"
	toolDismiss  = "dismiss"
	toolWait     = "wait"
	toolScroll   = "scroll"
	toolGoBack   = "go_back"
	toolGiveUp   = "give_up"
)

type object = map[string]any

// tools are the same for every question about a recipe: another schema would
// drop what is cached. Strict schemas have neither bounds of numbers nor lengths
// of lists: those are checked when the answer is read.
func tools(names []string) []anthropic.ToolUnionParam {
	number := object{"type": "integer", "description": "A number of the outline."}
	element := closed(object{
		"name":   object{"type": "string", "enum": names},
		"number": number,
	}, "name", "number")
	return []anthropic.ToolUnionParam{
		tool(toolPointOut, "Say which of the listed elements are on this screen, wanted ones or not, "+
			"each with the number of its line. Leave out what is not on it. Use it when a wanted element is there.",
			object{"elements": object{"type": "array", "items": element}}, "elements"),
		tool(toolDismiss, "Close something that lies over the app's screen and was not asked for, such as a hint, "+
			"an offer or a question for feedback: give the number of what closes or declines it. "+
			"Never accept, allow, buy, follow or rate anything.",
			object{"number": number}, "number"),
		tool(toolWait, "The screen is still loading or moving.", object{}),
		tool(toolScroll, "What is wanted belongs to this screen and is probably further up or down.",
			object{"direction": object{"type": "string", "enum": []string{"up", "down"}}}, "direction"),
		tool(toolGoBack, "This is a screen that one leaves with the back key, and nothing on it closes it.", object{}),
		tool(toolGiveUp, "Nothing else fits: "+string(WrongScreen)+": no listed element can be reached from here; "+
			string(NeedsPerson)+": the app asks for a login, a code, a payment or a consent; "+
			string(Unclear)+": which element is meant cannot be told.",
			object{"reason": object{
				"type": "string", "enum": []Reason{WrongScreen, NeedsPerson, Unclear},
			}}, "reason"),
	}
}

func tool(name, description string, properties object, required ...string) anthropic.ToolUnionParam {
	return anthropic.ToolUnionParam{OfTool: &anthropic.ToolParam{
		Name: name, Description: anthropic.String(description), Strict: anthropic.Bool(true),
		InputSchema: anthropic.ToolInputSchemaParam{
			Properties: properties, Required: required, ExtraFields: object{"additionalProperties": false},
		},
	}}
}

func closed(properties object, required ...string) object {
	return object{
		"type": "object", "properties": properties, "required": required, "additionalProperties": false,
	}
}
