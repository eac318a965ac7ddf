// A static Go program: goroutines, channels, timers, maps, files and the collector.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strings"
	"sync"
	"time"
)

func count(lines <-chan string, counts chan<- map[string]int, group *sync.WaitGroup) {
	defer group.Done()
	mine := map[string]int{}
	for line := range lines {
		for _, word := range strings.Fields(line) {
			mine[word]++
		}
	}
	counts <- mine
}

func main() {
	lines, counts := make(chan string), make(chan map[string]int, 8)
	var group sync.WaitGroup
	for i := 0; i < 8; i++ {
		group.Add(1)
		go count(lines, counts, &group)
	}
	for i := 0; i < 20000; i++ {
		lines <- fmt.Sprintf("word%d shared line%d", i%7, i%3)
	}
	close(lines)
	group.Wait()
	close(counts)
	total := map[string]int{}
	for part := range counts {
		for word, n := range part {
			total[word] += n
		}
	}
	var words []string
	for word, n := range total {
		words = append(words, fmt.Sprintf("%s=%d", word, n))
	}
	sort.Strings(words)
	fmt.Println(strings.Join(words, " "))
	for i := 0; i < 5; i++ {
		_ = make([]byte, 8<<20)
		runtime.GC()
	}
	start := time.Now()
	<-time.After(20 * time.Millisecond)
	fmt.Println(time.Since(start) >= 20*time.Millisecond)
	if err := os.WriteFile("out.txt", []byte("written\n"), 0o644); err != nil {
		panic(err)
	}
	text, err := os.ReadFile("out.txt")
	fmt.Print(string(text), err, "\n")
	_, err = os.ReadFile("missing.txt")
	fmt.Println(err)
	defer func() { fmt.Println("recovered:", recover()) }()
	var nowhere *int
	fmt.Println(*nowhere)
}
